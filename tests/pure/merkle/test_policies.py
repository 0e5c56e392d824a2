# SPDX-License-Identifier: AGPL-3.0-or-later
"""Policies: what they require, and that nothing else is taken for one."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.pure.merkle.samples import LOG, TIME, VECTORS, WITNESS, leaves
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import Signer, VerifiedLine, assemble_note, open_note
from tuidang.pure.merkle.policies import MAX_OF_EACH, Policy, PolicyError, parse_policy
from tuidang.pure.merkle.tlog_proof import TlogProof, parse, verify
from tuidang.pure.merkle.tree import root

SIGNERS = [Signer(f"w{n}.invalid/witness", bytes([n]) * 32) for n in range(1, 7)]
CLOCK = Signer(f"{LOG.name}/clock", bytes([99]) * 32)
X1, X2, X3, Y1, Y2, Y3 = (each.cosignature_vkey for each in SIGNERS)
EXAMPLE = f"""\
# two of three, and one of three
log {LOG.vkey}  https://log.invalid/
\t
witness X1 {X1} https://w1.invalid/
witness X2\t{X2}
  witness X3 {X3}\t
group X-witnesses 2 X1 X2 X3
witness Y1 {Y1}
witness Y2 {Y2}
witness Y3 {Y3}
group Y-witnesses any Y1 Y2 Y3
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
CHECKPOINT = Checkpoint(LOG.name, 300, root(leaves(300)))


def lines_of(times: dict[int, int]) -> tuple[VerifiedLine, ...]:
    """Return the verified lines of sample witnesses, each (number from 0) at its time."""
    text = CHECKPOINT.text
    lines = [cosign(text, SIGNERS[number], time) for number, time in times.items()]
    note = assemble_note(text, [LOG.sign_text(text), *lines])
    return open_note(note, [LOG.verifier, *(s.cosignature_verifier for s in SIGNERS)]).verified


def refused(text: str | bytes) -> tuple[str, int]:
    """Return code and line of the refusal."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(text if isinstance(text, bytes) else text.encode())
    return caught.value.code, caught.value.line


def test_every_subset_of_witnesses_is_judged_by_the_groups() -> None:
    """The quorum holds for exactly the subsets with two of the first three and one of the last."""
    policy = parse_policy(EXAMPLE.encode())
    for count in range(7):
        for numbers in combinations(range(6), count):
            expected = sum(n < 3 for n in numbers) >= 2 and any(n >= 3 for n in numbers)
            assert policy.satisfied(lines_of(dict.fromkeys(numbers, TIME))) is expected


def test_a_policy_gives_keys_and_addresses() -> None:
    """Logs and witnesses come with their keys and, where they are named, their addresses."""
    policy = parse_policy(EXAMPLE.encode())
    assert [(each.key, each.url) for each in policy.logs] == [
        (LOG.verifier, "https://log.invalid/")
    ]
    assert policy.witnesses[0].url == "https://w1.invalid/"
    assert policy.witnesses[1].url is None
    assert [each.key for each in policy.witnesses] == [s.cosignature_verifier for s in SIGNERS]
    assert [(each.name, each.needed) for each in policy.groups] == [
        *(("X-witnesses", 2), ("Y-witnesses", 1), ("X-and-Y", 2)),
    ]


def test_no_quorum_needs_nobody() -> None:
    """`quorum none` holds without any cosignature, and with no log and no witness named."""
    policy = parse_policy(b"quorum none\n")
    policy.check([])
    assert not policy.needs_witnesses
    assert (policy.logs, policy.witnesses, policy.groups) == ((), (), ())


def test_a_missed_quorum_is_refused() -> None:
    """Checking raises for too few lines, and for the log's own line alone."""
    policy = parse_policy(f"witness w {X1}\nquorum w\n".encode())
    policy.check(lines_of({0: TIME}))
    for times in ({}, {1: TIME}):
        with pytest.raises(PolicyError) as missed:
            policy.check(lines_of(times))
        assert missed.value.code == "policy_not_met"


def test_the_date_is_when_the_quorum_was_complete() -> None:
    """One early witness dates nothing; the last one that was needed does; more do not matter."""
    policy = parse_policy(EXAMPLE.encode())
    lines = lines_of({0: 50, 1: 300, 2: 900, 3: 200, 4: 100})
    assert policy.date(lines) == 300
    assert policy.date(lines[:2]) is None
    assert policy.date([*lines_of({1: 70}), *lines]) == 100  # an earlier line of the same key


def test_the_date_without_a_quorum_is_the_clock_s() -> None:
    """Under `quorum none` the log's clock gives the time, the earliest of its own, or none does."""
    policy = parse_policy(f"witness w {X1}\nquorum none\n".encode())
    text = CHECKPOINT.text
    data = assemble_note(text, [LOG.sign_text(text), *(cosign(text, CLOCK, t) for t in (90, 80))])
    clock = CLOCK.cosignature_verifier
    lines = [*open_note(data, [clock]).verified, *lines_of({0: 10})]
    assert policy.date(lines, clock) == 80
    assert policy.date(lines_of({0: 10}), clock) is None
    assert policy.date(lines) is None


@given(st.dictionaries(st.integers(0, 5), st.integers(1, 40)))
def test_the_date_is_the_smallest_that_holds(times: dict[int, int]) -> None:
    """At the date the lines so far make the quorum, a second earlier they do not."""
    policy = parse_policy(EXAMPLE.encode())
    lines = lines_of(times)
    date = policy.date(lines)
    if date is None:
        assert not policy.satisfied(lines)
    else:
        assert policy.satisfied([line for line in lines if (line.time or 0) <= date])
        assert not policy.satisfied([line for line in lines if (line.time or 0) < date])


def test_auditors_are_told_by_the_names_of_their_keys() -> None:
    """A key named `…/auditor` audits; a witness that the policy merely calls so does not."""
    auditor = Signer("somebody.invalid/auditor", bytes(32)).cosignature_vkey
    policy = parse_policy(f"witness a {auditor}\nwitness w/auditor {X1}\nquorum a\n".encode())
    assert [each.audits for each in policy.witnesses] == [True, False]


WITNESSES = f"witness a {X1}\nwitness b {X2}\n"
BAD: dict[str, tuple[str | bytes, str, int]] = {
    "empty": ("", "policy_quorum_missing", 0),
    "no quorum": (WITNESSES, "policy_quorum_missing", 0),
    "two quorums": ("quorum none\nquorum none\n", "policy_quorum_twice", 2),
    "an unknown quorum": (f"{WITNESSES}quorum c\n", "policy_name_unknown", 3),
    "a quorum before its name": (f"quorum a\n{WITNESSES}", "policy_name_unknown", 1),
    "a quorum of two": (f"{WITNESSES}quorum a b\n", "policy_items", 3),
    "a quorum of nobody": (f"{WITNESSES}quorum\n", "policy_items", 3),
    "a quorum in capitals": ("QUORUM none\n", "policy_keyword", 1),
    "None": ("quorum None\n", "policy_name_unknown", 1),
    "an unknown word": ("mirror x\nquorum none\n", "policy_keyword", 1),
    "cut off": ("quorum none", "policy_line_end", 1),
    "carriage returns": ("quorum none\r\n", "policy_byte", 1),
    "a zero byte": (b"quorum none\n# \0\n", "policy_byte", 2),
    "a delete": (b"# \x7f\nquorum none\n", "policy_byte", 1),
    "another space": ("quorum\u00a0none\n", "policy_keyword", 1),
    "a comment behind": ("quorum none # for now\n", "policy_items", 1),
    "a log without key": ("log\nquorum none\n", "policy_items", 1),
    "a log with two addresses": (f"log {LOG.vkey} a b\nquorum none\n", "policy_items", 1),
    "a log with a cosigner's key": (f"log {X1}\nquorum none\n", "policy_key", 1),
    "a log twice": (f"log {LOG.vkey}\nlog {LOG.vkey} u\nquorum none\n", "policy_key_twice", 2),
    "no vkey": ("log hello\nquorum none\n", "policy_key", 1),
    "a vkey that is not UTF-8": (b"log \xff" + LOG.vkey.encode() + b"\n", "policy_key", 1),
    "a witness without name": (f"witness {X1}\nquorum none\n", "policy_items", 1),
    "a witness with a log's key": (f"witness w {LOG.vkey}\nquorum w\n", "policy_key", 1),
    "a name twice": (f"witness a {X1}\nwitness a {X2}\nquorum a\n", "policy_name_taken", 2),
    "a witness none": (f"witness none {X1}\nquorum none\n", "policy_name_taken", 1),
    "a key twice": (f"witness a {X1}\nwitness b {X1}\nquorum a\n", "policy_key_twice", 2),
    "one key under two names": (
        f"witness a {X1}\nwitness b {Signer('else', SIGNERS[0].seed).cosignature_vkey}\n",
        *("policy_key_twice", 2),
    ),
    "a group without members": (f"{WITNESSES}group g any\nquorum g\n", "policy_items", 3),
    "a group without threshold": (f"{WITNESSES}group g a b\nquorum g\n", "policy_threshold", 3),
    "a threshold of zero": (f"{WITNESSES}group g 0 a b\nquorum g\n", "policy_threshold", 3),
    "a threshold too high": (f"{WITNESSES}group g 3 a b\nquorum g\n", "policy_threshold", 3),
    "a threshold below zero": (f"{WITNESSES}group g -1 a b\nquorum g\n", "policy_threshold", 3),
    "a threshold with a zero": (f"{WITNESSES}group g 01 a b\nquorum g\n", "policy_threshold", 3),
    "other digits": (f"{WITNESSES}group g ١ a b\nquorum g\n", "policy_threshold", 3),
    "an unknown member": (f"{WITNESSES}group g any a c\nquorum g\n", "policy_name_unknown", 3),
    "none as a member": (f"{WITNESSES}group g any none\nquorum g\n", "policy_name_unknown", 3),
    "a group in itself": (f"{WITNESSES}group g any a g\nquorum g\n", "policy_name_unknown", 3),
    "a member twice": (f"{WITNESSES}group g any a a\nquorum g\n", "policy_member_twice", 3),
    "a member of two groups": (
        f"{WITNESSES}group g any a\ngroup h any a b\nquorum h\n",
        *("policy_member_twice", 4),
    ),
    "a group of a witness's name": (f"{WITNESSES}group a any b\n", "policy_name_taken", 3),
    "too long": ("#" * 1_000_000 + "\nquorum none\n", "policy_too_long", 0),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_exactly_a_policy_is_refused(name: str) -> None:
    """Each way of being malformed is named, with the line where it happened."""
    text, code, line = BAD[name]
    assert refused(text) == (code, line)


def test_a_refusal_says_the_line() -> None:
    """The words name the line, and not what stands in it."""
    with pytest.raises(PolicyError, match=r"^line 2: a second quorum$"):
        parse_policy(b"quorum none\nquorum none\n")


@pytest.mark.parametrize("kind", ["log", "witness", "group"])
def test_policies_may_be_large_but_not_endless(kind: str) -> None:
    """256 logs, witnesses or groups are read, one more is refused."""

    def of(count: int) -> bytes:
        keys = [Signer(f"k{n}.invalid", n.to_bytes(32, "big")) for n in range(count)]
        if kind == "log":
            rows = [f"log {each.vkey}" for each in keys]
        elif kind == "witness":
            rows = [f"witness w{n} {each.cosignature_vkey}" for n, each in enumerate(keys)]
        else:
            rows = [f"witness g {X1}"]
            rows += [f"group g{n} any {f'g{n - 1}' if n else 'g'}" for n in range(count)]
        return "\n".join([*rows, "quorum none", ""]).encode()

    policy = parse_policy(of(MAX_OF_EACH))
    assert max(map(len, (policy.logs, policy.witnesses, policy.groups))) == MAX_OF_EACH
    assert refused(of(MAX_OF_EACH + 1))[0] == "policy_too_many"


def test_names_are_octets() -> None:
    """Names need not be UTF-8, and a Kelvin sign is not a K."""
    data = b"witness \xff " + X1.encode() + f"\nwitness K {X2}\nwitness \u212a {X3}\n".encode()
    policy = parse_policy(data + b"group g all \xff K \xe2\x84\xaa\nquorum g\n")
    assert not policy.satisfied(lines_of({0: 1, 1: 1}))
    assert policy.satisfied(lines_of({0: 1, 1: 1, 2: 1}))
    assert parse_policy(policy.text.encode("utf-8", "surrogateescape")) == policy


WORDS = ("log", "witness", "group", "quorum", "none", "any", "all", "a", "b", "1", "2", "#")
ITEMS = st.sampled_from([*WORDS, "", LOG.vkey, X1, X2, X3])
LINES = st.lists(st.lists(ITEMS, max_size=6).map(" ".join), max_size=8)
NEAR = st.sampled_from(EXAMPLE.splitlines(keepends=True))


@fuzzed
@given(
    st.binary(max_size=80)
    | LINES.map(lambda lines: "".join(f"{line}\n" for line in lines).encode())
    | st.lists(NEAR, min_size=5, max_size=14).map(lambda lines: "".join(lines).encode())
    | st.tuples(st.integers(0, len(EXAMPLE)), st.binary(max_size=3)).map(
        lambda cut: EXAMPLE.encode()[: cut[0]] + cut[1] + EXAMPLE.encode()[cut[0] :]
    )
)
def test_whatever_is_read_says_the_same_again(data: bytes) -> None:
    """Any bytes are refused as no policy, or are one whose own text gives it back."""
    try:
        policy = parse_policy(data)
    except PolicyError:
        return
    again = parse_policy(policy.text.encode("utf-8", "surrogateescape"))
    assert without_urls(again) == without_urls(policy)


def without_urls(policy: Policy) -> object:
    """Return all of a policy but the addresses, which its text leaves out."""
    witnesses = [(each.name, each.key) for each in policy.witnesses]
    return [each.key for each in policy.logs], witnesses, policy.groups, policy.quorum


def test_an_offline_proof_must_meet_the_policy() -> None:
    """The proof of the vectors passes where its witness is enough, and only there."""
    proof = parse(VECTORS["tlog-proof"].encode())
    leaf = leaf_hash(b"leaf 257")
    enough = parse_policy(f"witness w {WITNESS.cosignature_vkey}\nquorum w\n".encode())
    note = verify(proof, leaf, LOG.verifier, policy=enough)
    assert enough.date(note.verified) == TIME
    more = f"witness w {WITNESS.cosignature_vkey}\nwitness v {X1}\ngroup g all w v\nquorum g\n"
    with pytest.raises(PolicyError):
        verify(proof, leaf, LOG.verifier, policy=parse_policy(more.encode()))
    text = proof.checkpoint.decode().replace("— witness", "— nobody")
    bare = TlogProof(proof.index, proof.hashes, text.encode())
    with pytest.raises(PolicyError):
        verify(bare, leaf, LOG.verifier, policy=enough)
