# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the trust bundle tells of certificates: issuers, papers, status lists, the verifying host.

The bundle is transparency's, which knows no certificate, so this is handed down to it. A status
is handed down for good: a database that was restored from a backup must never make valid again
what was revoked. Nothing here may say when within a day something was revoked, nor why.

Source: `certificates.md` section 3.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max

from tuidang.pure.credential.status_list import VALID, encode_list, unpack_list
from tuidang.registry.certificates.keyed_hashes import HOST_KEY
from tuidang.registry.certificates.keys import KnownIssuer, make_issuer_keys, read_known
from tuidang.registry.certificates.models import Certificate
from tuidang.registry.transparency import trust
from tuidang.registry.transparency.errors import PublisherBusy
from tuidang.registry.vault.host_keys import host_key

FIRST_LIST = 0


def install(*, now: datetime) -> None:
    """Make the keys that issue and that of the lookups, where there never were any; tell of them.

    Raises IssuerKeysUnusable, and transparency's errors.
    """
    folder, day = Path(settings.KEYS_FOLDER), now.astimezone(UTC).date()
    host_key(HOST_KEY)
    make_issuer_keys(folder, issuer=settings.ISSUER, day=day)
    hand_down(now=now)


def hand_down(*, now: datetime) -> bool:
    """Write the bundle anew if it does not tell of certificates as they are; say whether it was.

    One call tells of any number of changes. Does nothing before there are keys that issue. Raises
    IssuerKeysUnusable, and transparency's errors.
    """
    if not read_known(Path(settings.KEYS_FOLDER)).issuers:
        return False
    return trust.tell_certificates(told, now=now)


def tell(now: datetime) -> None:
    """Hand down what changed, for the timetable; while somebody publishes, in the next minute."""
    with suppress(PublisherBusy):
        hand_down(now=now)


def told(before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of the bundle that are about certificates, after those told before."""
    known = read_known(Path(settings.KEYS_FOLDER))
    return {
        "issuers": [_issuer(each) for each in known.issuers if not each.stolen],
        "pades_certificates": list(known.papers),
        "status_lists": _lists({row["list"]: row["data"] for row in before["status_lists"]}),
        "verify_host": settings.VERIFY_HOST,
    }


def _issuer(known: KnownIssuer) -> dict[str, Any]:
    public = known.public
    found = {"kid": public.kid_text, "jwk": public.jwk(), "from": known.since.isoformat()}
    return found | ({"until": known.until.isoformat()} if known.until else {})


def _lists(before: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the lists, with what was told before and the database has forgotten since.

    The next list is told before it is begun, or its first certificates would be in none.
    """
    last = Certificate.objects.aggregate(last=Max("status_list"))["last"]
    following = FIRST_LIST if last is None else last + 1
    present = _not_valid()
    lists = []
    for number in sorted({*range(following + 1), *before}):
        known = _unpacked(before[number]) if number in before else {}
        lists.append({"list": number, "data": encode_list(known | present[number])})
    return lists


def _not_valid() -> defaultdict[int, dict[int, int]]:
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    columns = ("status_list", "status_index", "state")
    for number, index, state in Certificate.objects.not_valid().values_list(*columns):
        found[number][index] = state
    return found


@lru_cache(maxsize=16)
def _unpacked(data: str) -> dict[int, int]:
    """Return what a list says of the certificates that are not valid."""
    said = {}
    for at, packed in enumerate(unpack_list(data)):
        for place in range(4) if packed else ():
            if (value := packed >> 2 * place & 3) != VALID:
                said[4 * at + place] = value
    return said
