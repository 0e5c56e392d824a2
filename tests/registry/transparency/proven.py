# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds of an installation whatever happened to it: the log, the tables and the mailboxes."""

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from django.conf import settings

from tuidang.pure.ledger.entries import Counted, Entry, decode
from tuidang.pure.ledger.entries import Link as LinkEntry
from tuidang.pure.ledger.entries import Received as ReceivedEntry
from tuidang.pure.ledger.received import receive
from tuidang.pure.merkle.checkpoints import Checkpoint, parse_checkpoint
from tuidang.pure.merkle.tiles import root_from_tiles
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.transparency.actions import open_lock, open_store
from tuidang.registry.transparency.files import read_entries
from tuidang.registry.transparency.models import Batch, Leaf, Link, Received
from tuidang.registry.vault.models import Mail
from tuidang.verify.log_audit import audit
from tuidang.verify.sources import open_source
from tuidang.verify.trust import parse_trust


def prove(seen: Iterable[str], adopted: Collection[int] = ()) -> None:
    """Raise AssertionError unless the log holds everything once and contradicts nothing seen.

    Of `adopted` batches the tables do not know what their R covers.
    """
    trust = parse_trust((Path(settings.TRUST_FOLDER) / "trust.json").read_bytes())
    report = audit(open_source(str(settings.LOG_FOLDER)), trust)
    public = opened(open_store().read("checkpoint").decode())
    assert opened(open_lock().read() or "") == public
    assert report.size == public.size
    for each in {opened(text) for text in seen if text}:
        assert each.size <= public.size
        root = root_from_tiles(lambda tile: open_store().read(tile.path), each.size)
        assert root == each.root, f"the log contradicts what was seen at {each.size} entries"
    entries = [decode(each) for each in read_entries(open_store().read, 0, public.size)]
    prove_tables(entries, adopted)
    prove_mailboxes()
    assert not Path(f"{settings.LOG_FOLDER}.staging").exists()


def opened(note: str) -> Checkpoint:
    """Return the checkpoint in a note."""
    return parse_checkpoint(note.partition("\n\n")[0] + "\n")


def prove_tables(entries: list[Entry], adopted: Collection[int]) -> None:
    """Every accepted person and every link stands in the log once, where its row says; every
    arrival in its R."""
    assert not Batch.objects.exclude(state=Batch.State.PUBLISHED).exists()
    counted = {
        each.commitment: (index, each.orgs, each.class_)
        for index, each in enumerate(entries)
        if isinstance(each, Counted)
    }
    assert len(counted) == sum(isinstance(each, Counted) for each in entries)
    columns = ("commitment", "index", "published_orgs", "published_klass")
    rows = Leaf.objects.values_list(*columns)
    assert counted == {bytes(commitment): tuple(said) for commitment, *said in rows}
    links = [each for each in enumerate(entries) if isinstance(each[1], LinkEntry)]
    rows_of_links = Link.objects.order_by("index").values_list("index", "commitment", "nullifier")
    assert links == [(at, LinkEntry(bytes(c), bytes(n))) for at, c, n in rows_of_links]
    assert not Received.objects.filter(batch=None).exists()
    sealed = [each for each in entries if isinstance(each, ReceivedEntry)]
    for entry, batch in zip(sealed, Batch.objects.order_by("number"), strict=True):
        found = Received.objects.filter(batch=batch).values_list("commitment", flat=True)
        assert batch.number in adopted or entry == receive(bytes(each) for each in found)


def prove_mailboxes() -> None:
    """Every mailbox has the path in R once, and the leaf's once if it was accepted."""
    for row in Declaration.objects.all():
        kinds = Mail.objects.filter(mailbox=row.lookup).values_list("kind", flat=True)
        wanted = ["received", *(["logged"] if row.state == Declaration.State.ACCEPTED else [])]
        assert Counter(kinds) == Counter(wanted)
