# SPDX-License-Identifier: Apache-2.0
"""Whom to trust, and for what: keys, a policy and known batches, from a file the user chose.

Four kinds of file are read: lines with a vkey each (the log's first), `trust.json`,
`trust.note`, and a policy that names one log. It must never look for a key next to the log
that is to be judged.

Sources: `certificates.md` section 3; `transparency-log.md` sections 6 and 10.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tuidang.pure.merkle.canonical import from_base64, from_utf8
from tuidang.pure.merkle.checkpoints import MAX_SIZE
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.notes import OpenedNote, open_note
from tuidang.pure.merkle.policies import Policy, parse_policy
from tuidang.pure.merkle.signatures import COSIGNATURE, ED25519, ML_DSA_44, Verifier
from tuidang.verify.errors import TrustError

_P = 2**255 - 19
# The y of every point whose order divides 8: under such a key one signature fits many messages.
_SMALL_ORDER = {
    0,
    1,
    _P - 1,
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
}
_POLICY_LINE = re.compile(r"^[ \t]*quorum[ \t]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KnownBatch:
    """A batch that the log was seen to have: at this size it must have this 32-byte root."""

    number: int
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Trust:
    """The key of a log, which names its origin, and those of its cosigners.

    With it, where the file says so: the policy that a checkpoint must meet, and the batches
    that the log had when the file was made, in rising order.
    """

    log: Verifier
    cosigners: tuple[Verifier, ...] = ()
    policy: Policy | None = None
    batches: tuple[KnownBatch, ...] = ()

    @property
    def needed(self) -> tuple[Verifier, ...]:
        """The keys without which no checkpoint passes: the log's and, if known, its clock's."""
        clock = f"{self.log.name}/clock"
        return (self.log, *(each for each in self.cosigners if each.name in (clock, self.log.name)))


def check_quorum(note: OpenedNote, trust: Trust) -> None:
    """Check that a checkpoint meets the trusted policy, if there is one; raises PolicyError.

    The note must have been opened with all keys of `trust`.
    """
    if trust.policy:
        trust.policy.check(note.verified)


def parse_trust(data: bytes) -> Trust:
    """Return what a file says to trust; TrustError unless every key in it is usable."""
    try:
        text = from_utf8(data)
        if text.startswith("{"):
            return _bundle(text, data)
        return _policy_file(data) if _POLICY_LINE.search(text) else _plain(text)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise TrustError(f"no keys to trust: {error}") from error


def _plain(text: str) -> Trust:
    vkeys = [line for line in text.splitlines() if not line.startswith("#")]
    return Trust(_log_key(vkeys[0]), tuple(_cosigner(each) for each in vkeys[1:] if each))


def _policy_file(data: bytes) -> Trust:
    policy = parse_policy(data)
    (log,) = policy.logs
    return _trust(_log_key(log.key.vkey), [], policy, ())


def _bundle(text: str, data: bytes) -> Trust:
    bundle = json.loads(text.partition("\n\n")[0])
    log = _log_key(bundle["log_vkey"])
    if "\n\n" in text:
        open_note(data, [log])
    vkeys = [bundle["clock_vkey"], *(each["vkey"] for each in bundle["witnesses"])]
    stated = bundle.get("policy", "").encode("utf-8", "surrogateescape")
    return _trust(
        log,
        [_cosigner(each) for each in vkeys if each],
        parse_policy(stated) if stated else None,
        _batches(bundle.get("batches", [])),
    )


def _trust(
    log: Verifier,
    cosigners: list[Verifier],
    policy: Policy | None,
    batches: tuple[KnownBatch, ...],
) -> Trust:
    """Put together what belongs together; the policy's witnesses are cosigners too."""
    witnesses = [_cosigner(each.key.vkey) for each in policy.witnesses] if policy else []
    if policy and policy.logs and log not in [each.key for each in policy.logs]:
        raise TrustError("the policy is for another log")
    trust = Trust(log, tuple(dict.fromkeys([*cosigners, *witnesses])), policy, batches)
    own = {each.public_key for each in trust.needed}
    if any(each.public_key in own for each in witnesses):
        raise TrustError("the log is named as a witness of itself")
    return trust


def _batches(rows: list[dict[str, Any]]) -> tuple[KnownBatch, ...]:
    batches = [KnownBatch(r["number"], r["size"], from_base64(r["root"])) for r in rows]
    if not all(len(each.root) == HASH_SIZE for each in batches):
        raise TrustError("the root of a batch is not 32 bytes long")
    if not (_rising(each.number for each in batches) and _rising(each.size for each in batches)):
        raise TrustError("batches do not rise in number and size")
    return tuple(batches)


def _rising(numbers: Iterable[int]) -> bool:
    last = -1
    for number in numbers:
        if type(number) is not int or not last < number <= MAX_SIZE:
            return False
        last = number
    return True


def _log_key(vkey: str) -> Verifier:
    return _key(vkey, (ED25519,))


def _cosigner(vkey: str) -> Verifier:
    return _key(vkey, (COSIGNATURE, ML_DSA_44))


def _key(vkey: str, kinds: tuple[int, ...]) -> Verifier:
    verifier = Verifier.parse(vkey)
    if verifier.kind not in kinds:
        raise TrustError("not a key of the expected kind")
    y = int.from_bytes(verifier.public_key, "little") % 2**255
    if verifier.kind != ML_DSA_44 and (y >= _P or y in _SMALL_ORDER):
        raise TrustError("a key of small order")
    return verifier
