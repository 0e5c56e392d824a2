# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be refused in review, as stable codes. What declarations refuse passes through.

An error must never hold a name, a text or a note.
"""

from datetime import datetime


class ReviewError(Exception):
    """A decision was refused; `code` says why, in snake case."""

    code = "review_error"

    def __init__(self) -> None:
        super().__init__(self.code)


class NothingThere(ReviewError):
    """There is no such declaration any more, or no such decision."""

    code = "nothing_there"


class ClaimedByOther(ReviewError):
    """Another volunteer has the declaration open until a time."""

    code = "claimed_by_other"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class NotACluster(ReviewError):
    """The declarations are not near one another in text, so each needs a look of its own."""

    code = "not_a_cluster"


class NoRuleRan(ReviewError):
    """A batch decision rests on rules, and none ran."""

    code = "no_rule_ran"


class UndoLapsed(ReviewError):
    """Ten minutes have passed, or something else has been decided since."""

    code = "undo_lapsed"


class QuestionUnfit(ReviewError):
    """A question has from 1 to 2,000 characters."""

    code = "question_unfit"
