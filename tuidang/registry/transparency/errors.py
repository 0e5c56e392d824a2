# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can stop the log. Every one of these is better than signing something inconsistent.

Errors carry sizes, batch numbers and paths of public files; they must never carry a
commitment, since an error may end up in a log file.
"""

from typing import ClassVar


class TransparencyError(Exception):
    """The log cannot go on, or a leaf cannot change; `code` is stable, `data` says where."""

    code: ClassVar[str]
    words: ClassVar[str]

    def __init__(self, **data: int | str) -> None:
        super().__init__(self.code, data)
        self.data = data

    def __str__(self) -> str:
        return self.words.format(**self.data)


class LeafPublished(TransparencyError):
    """A published leaf stays; only a correction can take it back."""

    code = "leaf_published"
    words = (
        "The person is in the public log already, or is being put there at this moment; "
        "what is published cannot be taken out."
    )


class PublisherBusy(TransparencyError):
    """There is one writer at a time."""

    code = "publisher_busy"
    words = "Another process is publishing at this moment. Try again when it has finished."


class ClockBehind(TransparencyError):
    """The machine's time is before the last checkpoint's."""

    code = "clock_behind"
    words = "The clock says {now}, but the log was sealed at {sealed}. Set the clock right."


class LogAhead(TransparencyError):
    """A checkpoint was signed that covers more than the database knows."""

    code = "log_ahead"
    words = (
        "The log was signed at {signed} entries, but the database knows only of {known}. "
        "It was probably restored from a backup that is older than the log. Nothing was "
        "published. Restore a newer database if there is one; if not, run `tuidang log adopt`, "
        "which takes over from the log's files what the database lost. A log can never go back."
    )


class LogBehind(TransparencyError):
    """The folder has lost what was published."""

    code = "log_behind"
    words = (
        "The log folder ends at {published} entries, but {known} were published. "
        "Copy the missing files back from a mirror of the log; nothing was changed."
    )


class LogContradicted(TransparencyError):
    """The public checkpoint and the database tell different histories."""

    code = "log_contradicted"
    words = (
        "The published checkpoint at {published} entries is not the one that the database "
        "holds. Nothing was published. Find out which of the two was changed."
    )


class CheckpointUnreadable(TransparencyError):
    """The public checkpoint is not one that this log's key has signed."""

    code = "checkpoint_unreadable"
    words = (
        "The checkpoint in the log folder is not signed by this log's key. Nothing was published."
    )


class LogDamaged(TransparencyError):
    """A file does not hold what was written or signed."""

    code = "log_damaged"
    words = "The log file {path} does not hold what it should. Nothing was signed; check the disk."


class StoreUnreachable(TransparencyError):
    """The storage service did not do what it was asked, or did not say so."""

    code = "store_unreachable"
    words = "The storage service failed at {path}: {why}. Publish again when it answers."


class FileMissing(TransparencyError):
    """A file that must be there is not."""

    code = "log_file_missing"
    words = "The log file {path} is missing."


class FileDiffers(TransparencyError):
    """A file that never changes would have to change."""

    code = "log_file_differs"
    words = "The log file {path} exists with other content. Published files never change."


class KeyFilesUnusable(TransparencyError):
    """The keys of a log that has begun are missing, or belong to another origin."""

    code = "log_keys_unusable"
    words = "The key file {path} is missing, damaged or for another origin. Restore it."


class PlanOvertaken(TransparencyError):
    """What was about to be published was taken back meanwhile; the publisher plans anew."""

    code = "plan_overtaken"
    words = "What was about to be published changed at the same moment. Publish again."


class NotPublished(TransparencyError):
    """There is no proof for what the log does not hold yet."""

    code = "not_published"
    words = "This is not in the public log yet."


class LockMissing(TransparencyError):
    """The log has begun, and its lock store is not there."""

    code = "lock_missing"
    words = (
        "The log has begun, but its lock store is not there. Nothing was published. Put the "
        "folder of TUIDANG_LOCK back as it last was, never from a backup. If it is lost for "
        "good, see `tuidang log adopt --lock-lost`."
    )


class LockBehind(TransparencyError):
    """The lock store is older than what is public: it was restored, which it must never be."""

    code = "lock_behind"
    words = (
        "The lock store ends at {signed} entries, but {published} were published. It was "
        "probably restored from a backup. Nothing was published; see `tuidang log adopt "
        "--lock-lost`."
    )


class LockMoved(TransparencyError):
    """Another publisher has signed meanwhile."""

    code = "lock_moved"
    words = "Another publisher has signed a checkpoint at this moment. Nothing was published."


class LockUnusable(TransparencyError):
    """The lock store cannot be read or written."""

    code = "lock_unusable"
    words = "The lock store cannot be used: {why}. Nothing more was published; publish again."


class QuorumMissed(TransparencyError):
    """Too few cosigners have signed; the old checkpoint stays public.

    `needed` says in words what the policy asks for, `had` how many have signed, `names` who
    have not.
    """

    code = "quorum_missed"
    words = (
        "The policy asks for {needed}, and {had} have signed. No cosignature came from: {names}. "
        "The old checkpoint stays public; the next publication goes on from here."
    )


class PolicyUnusable(TransparencyError):
    """The installation's policy file says nothing that can be followed."""

    code = "policy_unusable"
    words = (
        "The policy file cannot be used: {why}. Nothing more was published. Correct the file; "
        "`quorum none` is what asks for no cosignature."
    )


class TimestampsUnusable(TransparencyError):
    """The setting that names timestamp services says nothing that can be followed."""

    code = "timestamps_unusable"
    words = "TUIDANG_TIMESTAMPS cannot be used: {why}. No timestamp was asked for."


class DiskShort(TransparencyError):
    """There is too little room to begin a publication."""

    code = "disk_short"
    words = (
        "The file system of {place} has {free} bytes free, and {needed} are wanted before a "
        "batch is begun. Nothing was begun: make room and publish again."
    )


class LegacyUnknown(TransparencyError):
    """A batch of legacy records cannot be told to a file whose import the database knows."""

    code = "legacy_unknown"
    words = (
        "Batch {number} holds {persons} earlier records, and the database knows of no file that "
        "they can be from. Give the file: tuidang log adopt --legacy-file FILE"
    )


class StagingLost(TransparencyError):
    """A batch is signed, its files are gone, and the tables do not give them again."""

    code = "staging_lost"
    words = (
        "Batch {number} is signed, but its files are neither in the staging folder nor can they "
        "be made again from the database. Nothing was published. Copy the folder log.staging "
        "back from where it went, or restore the database that prepared the batch."
    )


class CorrectedAlready(TransparencyError):
    """A leaf is taken out of the count once."""

    code = "corrected_already"
    words = "This entry has been corrected already; it is corrected once."


class CorrectionPublished(TransparencyError):
    """A correction that has gone out stays, like every entry."""

    code = "correction_published"
    words = "The correction is in the public log already; it cannot be taken back."


class LinkedAlready(TransparencyError):
    """A leaf is linked to a legal name once; a second link would break the log."""

    code = "linked_already"
    words = "This person is linked to a legal name already, for good. Another needs a new record."


class LinkPublished(TransparencyError):
    """A published link stays."""

    code = "link_published"
    words = "The link is in the public log already, or is being put there at this moment."


class LegacyFileDone(TransparencyError):
    """A file of earlier records is in the log already."""

    code = "legacy_file_done"
    words = "All {persons} persons of this file are in the log already. Nothing was imported."


class LegacyFileUnfinished(TransparencyError):
    """Another file of earlier records is half in the log."""

    code = "legacy_file_unfinished"
    words = (
        "Another file is unfinished: {done} of its {persons} persons are in the log. Its SHA-256 "
        "is {digest}. Go on with that file first; if this one is a changed copy of it, importing "
        "it would count most persons twice."
    )


class LegacyFileChanged(TransparencyError):
    """A file of earlier records changed while it was imported."""

    code = "legacy_file_changed"
    words = (
        "The file changed while it was read. What is in the log stays; put the file back as it "
        "was and start again, and the import goes on where it stopped."
    )


class LegacyLinesUnknown(TransparencyError):
    """The log holds more earlier records than the database knows of."""

    code = "legacy_lines_unknown"
    words = (
        "The log holds {carried} persons of earlier records, but the database knows of {known}. "
        "It was probably restored from an older backup. Nothing was imported, since the same "
        "persons would be counted twice. Restore a newer database."
    )
