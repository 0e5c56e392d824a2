# SPDX-License-Identifier: AGPL-3.0-or-later
"""The holder's pages work with the public role's rights, and read nothing that is sealed."""

from django.test import Client

from tests.registry.certificates.office import Applicant, Office
from tests.web.public.applying import PATH, apply, come, filled, form, ticket_in
from tests.web.public.browsing import code_in, page_of, send
from tests.web.public.test_certificate_files import (
    PICKUP,
    hidden,
    holder,
    make_pickup,
    office,
    open_files,
)
from tests.web.public.test_zone import public_role
from tuidang.registry.certificates.models import Application

__all__ = ["holder", "office"]


def test_every_deed_of_a_holder_works_with_the_public_role(
    client: Client, office: Office, holder: Applicant
) -> None:
    """Applying, replying, withdrawing, fetching, handing over and erasing need few rights."""
    with public_role() as queries:
        assert apply(client, {**form(client, holder.code), **filled()}).status_code == 200
        shown = come(client, holder.code)
        application = Application.objects.public().get().pk
        fields = {"ticket": ticket_in(shown), "application": str(application), "sure": "yes"}
        for do in ("reply", "withdraw"):
            answered = send(client, PATH, {**fields, "text": "样本", "do": do})
            assert answered.status_code == 200, page_of(answered).text
        code = code_in(make_pickup(client, holder))
        assert send(client, PICKUP, {"code": code}).status_code == 200
        erased = send(client, PATH, {**hidden(open_files(client, holder), "erase"), "sure": "yes"})
        assert erased.status_code == 200
        assert client.get(PATH).status_code == 200
    read = [query["sql"] for query in queries.captured_queries if "SELECT" in query["sql"][:7]]
    sealed = ("application", "reply")
    assert read
    assert not any(f'"certificates_{table}"."sealed"' in sql for sql in read for table in sealed)
