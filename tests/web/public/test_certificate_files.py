# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching a certificate with the second word, erasing it, and handing it to a lawyer once."""

import io
import zipfile

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.registry.certificates.conftest import office
from tests.registry.certificates.office import Applicant, Office
from tests.registry.declarations.desk import DAY
from tests.web.public.applying import PATH, WORD, come, forms_of, ticket_in
from tests.web.public.browsing import code_in, page_of, send
from tuidang.pure.receipt import Code, parse_code
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.delivery import PDF, PLAIN, PNG, Packed
from tuidang.registry.certificates.models import Erasure, PickedUp, Pickup
from tuidang.registry.certificates.second_word import WordKey
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.models import Mail
from tuidang.web.public.certificate_files import ALL, FILES
from tuidang.web.shared.languages import LANGUAGES

__all__ = ["office"]
PICKUP = "/en/certificate/pickup/"


@pytest.fixture
def holder(office: Office) -> Applicant:
    """Somebody in whose mailbox sample files lie, packed and locked as a certificate's are."""
    applicant = office.applicant()
    packed = Packed(1, {name: f"sample {name}".encode() * 100 for name in FILES})
    locked = WordKey.new(WORD).lock(packed.to_bytes())
    recipient = applicant.row.mailbox_recipient
    post(bytes(applicant.row.lookup), recipient, Mail.Kind.CERTIFICATE, locked, day=DAY)
    return applicant


def open_files(
    client: Client, holder: Applicant, word: str = WORD, path: str = PATH
) -> HttpResponse:
    """Enter the code, then the second word."""
    ticket = ticket_in(come(client, holder.code, path))
    return send(client, path, {"ticket": ticket, "word": word, "do": "open"})


def hidden(opened: HttpResponse, do: str) -> dict[str, str]:
    """Return what the form with this button sends unseen."""
    source = opened.content.decode()
    number = source[: source.index(f'value="{do}"')].count("<form ")
    return {**forms_of(page_of(opened))[number - 1], "do": do}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_file_is_fetched_by_itself(client: Client, holder: Applicant, language: str) -> None:
    """With code and second word every file comes by POST, under a name that tells nobody's."""
    path = f"/{language}/certificate/"
    opened = open_files(client, holder, path=path)
    assert WORD not in opened.content.decode()
    (delivery,) = holder.fetch()
    sent = hidden(opened, "file")
    for name, content in delivery.files.items():
        response = send(client, path, {**sent, "file": name})
        assert response.content == content
        assert response["Content-Type"] == FILES[name][1]
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Cache-Control"] == "no-store"
    assert delivery.files.keys() == FILES.keys()
    assert send(client, path, {**sent, "file": "../keys"}).status_code == 404


def test_a_wrong_word_opens_nothing_and_may_be_tried_again(
    client: Client, holder: Applicant
) -> None:
    """There is no lockout, and what was typed does not come back."""
    for wrong in ("wrong words", "", "x" * 200):
        response = open_files(client, holder, wrong)
        assert response.status_code == 422
        assert "nothing opens" in page_of(response).text
        assert not wrong or wrong not in response.content.decode()
    assert open_files(client, holder, "  Sample  WORD ").status_code == 200


def test_without_a_certificate_there_is_nothing_to_open(client: Client, office: Office) -> None:
    """The page does not ask for the second word, and a sent one finds nothing."""
    applicant = office.applicant()
    response = come(client, applicant.code)
    assert 'name="word"' not in response.content.decode()
    sent = send(client, PATH, {"ticket": ticket_in(response), "word": WORD, "do": "open"})
    assert sent.status_code == 404
    for do in ("file", "erase", "pickup"):
        fields = {"ticket": ticket_in(response), "word": WORD, "do": do, "sure": "yes"}
        assert send(client, PATH, fields).status_code == 404


def test_a_file_of_another_piece_is_not_handed_out(client: Client, holder: Applicant) -> None:
    """Only pieces that the second word opened can be named."""
    sent = hidden(open_files(client, holder), "file")
    for piece in ("x", "00000000-0000-4000-8000-000000000000"):
        assert send(client, PATH, {**sent, "piece": piece}).status_code == 404
    lapsed = send(client, PATH, {**sent, "word-ticket": "x"})
    assert lapsed.status_code == 422


def test_a_certificate_is_erased_from_the_mailbox(client: Client, holder: Applicant) -> None:
    """Erasing asks for a tick; afterwards nothing can be fetched, and the piece is deleted."""
    sent = hidden(open_files(client, holder), "erase")
    unsure = send(client, PATH, sent)
    assert unsure.status_code == 422
    assert "please tick the box first" in page_of(unsure).text
    assert Erasure.objects.count() == 0
    done = send(client, PATH, {**sent, "sure": "yes"})
    assert "erased here" in page_of(done).text
    assert 'name="word"' not in done.content.decode()
    actions.carry_out(day=DAY)
    assert not Mail.objects.filter(kind="certificate").exists()


def make_pickup(client: Client, holder: Applicant, path: str = PATH) -> HttpResponse:
    """Make a pick-up code."""
    return send(client, path, hidden(open_files(client, holder, path=path), "pickup"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pickup_code_is_shown_once_in_three_spellings(
    client: Client, holder: Applicant, language: str
) -> None:
    """The page spells the code as a receipt code is spelled; it is another code than that."""
    shown = make_pickup(client, holder, f"/{language}/certificate/")
    code = parse_code(code_in(shown))
    text = page_of(shown).text
    assert code != holder.code
    assert code.digits() in text
    assert (code.english() if language != "en" else code.chinese()) in text
    assert Pickup.objects.count() == 1
    assert actions.pick_up(code).files == holder.fetch()[0].files


def test_every_pickup_page_has_one_length(client: Client, holder: Applicant) -> None:
    """How long the page is tells nothing of the code."""
    lengths = {len(make_pickup(client, holder).content) for _ in range(4)}
    assert len(lengths) == 1


@pytest.mark.parametrize(("do", "name"), [("all", ALL), ("pdf", PDF)])
def test_a_lawyer_fetches_it_once(client: Client, holder: Applicant, do: str, name: str) -> None:
    """The code hands the file over, once; who comes second is told so, in any spelling."""
    code = parse_code(code_in(make_pickup(client, holder)))
    response = send(client, PICKUP, {"code": code.chinese(traditional=True), "do": do})
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "no-store"
    (delivery,) = holder.fetch()
    if do == "all":
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            files = {each: archive.read(each) for each in archive.namelist()}
            assert {each.date_time[0] for each in archive.infolist()} == {1980}
        assert files == delivery.files
        assert {PDF, PNG, PLAIN} <= files.keys()
    else:
        assert response.content == delivery.files[PDF]
    second = send(client, PICKUP, {"code": code.digits(), "do": do})
    assert second.status_code == 410
    assert "used already" in page_of(second).text
    assert code.digits() not in second.content.decode()
    assert PickedUp.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("", 422, "pick-up code: it has nine words"),
        ("sample", 422, "pick-up code: it has nine words"),
        ("0001 " * 8 + "0002", 422, "There is a slip in the pick-up code"),
        (Code(bytes(11)).digits(), 404, "Nothing waits here"),
    ],
)
def test_a_wrong_pickup_code_is_told(
    client: Client, db: None, typed: str, status: int, words: str
) -> None:
    """A slip and an unknown code are told apart; neither comes back, and nobody is locked out."""
    for _ in range(3):
        response = send(client, PICKUP, {"code": typed})
        assert response.status_code == status
        assert words in page_of(response).text
        assert not typed or typed not in response.content.decode()


def test_a_receipt_code_picks_nothing_up(client: Client, holder: Applicant) -> None:
    """The holder's own code opens no pick-up: the two never stand for one another."""
    assert send(client, PICKUP, {"code": holder.code.digits()}).status_code == 404
    code = parse_code(code_in(make_pickup(client, holder)))
    assert send(client, PATH, {"code": code.digits()}).status_code == 404
