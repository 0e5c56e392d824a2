# SPDX-License-Identifier: AGPL-3.0-or-later
"""The installation's own policy: whose cosignatures a checkpoint needs before it is public.

It is read from a file each time, so that a change needs no restart. A file that cannot be followed
stops publication: it must never be taken for one that asks for nobody.
"""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from tuidang.pure.merkle.policies import (
    NONE,
    KnownLog,
    KnownWitness,
    Policy,
    PolicyError,
    parse_policy,
)
from tuidang.pure.merkle.signatures import Verifier
from tuidang.registry.transparency.asking import Unanswered, check_url
from tuidang.registry.transparency.errors import PolicyUnusable
from tuidang.registry.transparency.keys import LogKeys
from tuidang.registry.transparency.witness import CONSOLE

MAX_WITNESSES = 64  # a note with two lines of ours stays below what every reader takes
MAX_NAME, MAX_VKEY = 255, 4096


def installed_policy(keys: LogKeys) -> Policy:
    """Return the policy of this installation, `quorum none` where there is no file.

    It names this log and no other. Raises PolicyUnusable.
    """
    own = KnownLog(keys.log.verifier)
    data = _read(Path(settings.POLICY_FILE))
    if data is None:
        return Policy((own,), (), ())
    try:
        found = parse_policy(data)
        found.text.encode()
    except (PolicyError, UnicodeEncodeError) as error:
        raise PolicyUnusable(why=_words(error)) from error
    if found.logs and [each.key for each in found.logs] != [own.key]:
        raise PolicyUnusable(why="it is for another log")
    if len(found.witnesses) > MAX_WITNESSES:
        raise PolicyUnusable(why=f"it names more than {MAX_WITNESSES} witnesses")
    for each in found.witnesses:
        _check_witness(each, keys)
    return Policy((own,), found.witnesses, found.groups, found.quorum)


def quorum_words(policy: Policy) -> str:
    """Say for the operator what a policy asks for, by the names in their file."""
    groups = {each.name: each for each in policy.groups}

    def words(name: str) -> str:
        if name not in groups:
            return name
        group = groups[name]
        return f"{group.needed} of ({', '.join(words(each) for each in group.members)})"

    return "nobody" if policy.quorum == NONE else words(policy.quorum)


def holds(policy: Policy, signed: Iterable[Verifier]) -> bool:
    """Say whether a checkpoint may become public under these keys' lines.

    Auditors count as having signed: they sign only what is public already, and whoever trusts the
    policy counts what is really there.
    """
    auditors = [each.key for each in policy.witnesses if each.audits]
    return policy.satisfied_by([*signed, *auditors])


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        if settings.POLICY_NAMED:
            raise PolicyUnusable(why="TUIDANG_POLICY names a file that is not there") from error
        return None
    except OSError as error:
        raise PolicyUnusable(why="it cannot be read") from error


def _check_witness(witness: KnownWitness, keys: LogKeys) -> None:
    own = {keys.log.verifier.public_key, keys.clock.verifier.public_key}
    if witness.key.public_key in own:
        raise PolicyUnusable(why="it names the log as a witness of itself")
    if len(witness.name) > MAX_NAME or len(witness.key.vkey) > MAX_VKEY:
        raise PolicyUnusable(why="a name or key in it is too long")
    if witness.url is not None and witness.url != CONSOLE:
        try:
            check_url(witness.url)
        except Unanswered as error:
            raise PolicyUnusable(why="an address in it is not http or https") from error


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, PolicyError) else "a name in it is not UTF-8"
