# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `tuidang doctor` says about those who cosign and stamp checkpoints. Only reads.

Nobody is asked over the network: what counts is what has arrived.
"""

from collections.abc import Iterator

from django.conf import settings

from tuidang.cli.findings import Finding
from tuidang.pure.merkle.policies import Policy
from tuidang.registry.transparency.cosigning import signers
from tuidang.registry.transparency.errors import TransparencyError
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.quorum import installed_policy, quorum_words
from tuidang.registry.transparency.timestamp import installed_services


def check_cosigners() -> Iterator[Finding]:
    """The policy can be followed, and whose lines the newest checkpoint has not got is said."""
    try:
        policy = installed_policy(read_keys(settings.KEYS_FOLDER, settings.ORIGIN))
    except TransparencyError as error:
        yield Finding("wrong", str(error))
        return
    if not policy.needs_witnesses:
        yield Finding("note", "No quorum of witnesses: dates rest on the log's own clock, and "
                      "every certificate says so. See docs/how-to/operator.md.")  # fmt: skip
    unreachable = [each.name for each in policy.witnesses if each.url is None]
    if unreachable:
        yield Finding("wrong", f"No address in the policy file for {', '.join(unreachable)}.")
    last = Batch.objects.published().last_batch()
    if last:
        yield from _newest(policy, last)


def check_timestamps() -> Iterator[Finding]:
    """Without a quorum two services stamp each checkpoint, and the newest one has their stamps."""
    try:
        names = {each.name for each in installed_services()}
        policy = installed_policy(read_keys(settings.KEYS_FOLDER, settings.ORIGIN))
    except TransparencyError as error:
        yield Finding("wrong", str(error))
        return
    if len(names) < 2 and not policy.needs_witnesses:
        yield Finding("note", "Fewer than two timestamp services, and no witnesses. Set "
                      "TUIDANG_TIMESTAMPS.")  # fmt: skip
    last = Batch.objects.published().last_batch()
    stamped = set(last.timestamps.values_list("service", flat=True)) if last else names
    if names - stamped:
        yield Finding("note", f"No timestamp yet by {', '.join(sorted(names - stamped))}.")
    elif names:
        yield Finding("ok", "The newest checkpoint has its timestamps.")


def _newest(policy: Policy, last: Batch) -> Iterator[Finding]:
    signed = signers(policy, last.checkpoint)
    missing = [each.name for each in policy.witnesses if each.key not in signed]
    if missing:
        yield Finding("note", f"The newest checkpoint has no line by {', '.join(missing)}.")
    if policy.needs_witnesses and policy.satisfied_by(signed):
        yield Finding("ok", f"The newest checkpoint is signed by {quorum_words(policy)}.")
    elif policy.needs_witnesses:
        yield Finding("wrong", f"The newest checkpoint is not signed by {quorum_words(policy)}: "
                      "verifiers stay at the one before. Run: tuidang log collect")  # fmt: skip
