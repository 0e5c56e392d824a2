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
    words = "The person is in the public log already; what is published cannot be taken out."


class PublisherBusy(TransparencyError):
    """There is one writer at a time."""

    code = "publisher_busy"
    words = "Another process is publishing at this moment. Try again when it has finished."


class ClockBehind(TransparencyError):
    """The machine's time is before the last checkpoint's."""

    code = "clock_behind"
    words = "The clock says {now}, but the log was sealed at {sealed}. Set the clock right."


class LogAhead(TransparencyError):
    """The public checkpoint covers more than the database knows."""

    code = "log_ahead"
    words = (
        "The published log has {published} entries, but the database knows only of {known}. "
        "It was probably restored from a backup that is older than the log. Nothing was "
        "published: restore a newer database. A log can never go back."
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
