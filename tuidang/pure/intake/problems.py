# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with what came in, as a closed list of codes.

Whoever shows a problem to a person has words for each code in three languages. A problem
must never carry a value that was typed: its facts are limits and counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PROBLEM_CODES: Mapping[str, str] = {
    # The shape of the whole.
    "wrong_type": "A field holds another type of value than it should.",
    "missing": "A required field is missing.",
    "unknown_field": "There are fields that a declaration does not have.",
    "unknown_choice": "A value is none of those offered.",
    "too_long": "A text is longer than its limit.",
    # One name (see tuidang.pure.naming).
    "name_empty": "A name is empty.",
    "name_too_long": "A name has more characters than a name can have.",
    "name_control": "A name holds a control character.",
    "name_line_break": "A name holds a line break.",
    "name_bidi": "A name holds characters that turn the direction of writing.",
    "name_invisible": "A name holds characters that nobody can see.",
    "name_private_use": "A name holds characters without a public meaning.",
    "name_broken": "A name holds something that is no character at all.",
    "name_not_composed": "A name holds letters and accents that are not joined (not NFC).",
    "name_marks": "A name heaps accents upon one another.",
    "name_digits": "A name consists of digits only.",
    "name_no_letters": "A name has no letter in it.",
    "name_url": "A web address stands in a name field.",
    "name_contact": "A telephone number, identity number or mail address stands in a name field.",
    "name_timestamp": "A date or time stands in a name field.",
    "name_bullet": "A list bullet stands in a name field.",
    "name_numbering": "A list number stands in a name field.",
    "name_label": "A colon stands in a name field, as after a label or a chat name.",
    "name_several": "More than one name stands in one name field.",
    "name_formula": "A name begins with an equals sign, as a formula does.",
    # Persons, unnamed persons and their number.
    "organizations_empty": "No organisation is named.",
    "organizations_repeated": "An organisation is named twice.",
    "organizations_mixed": "'All, not specified' stands together with an organisation.",
    "consent_missing": "Somebody else is declared without saying what they agreed to.",
    "consent_for_self": "Consent is given for oneself, where there is nothing to ask.",
    "self_twice": "More than one person is declared as oneself.",
    "self_unnamed": "Unnamed persons are declared as oneself.",
    "count_out_of_range": "The number of unnamed persons is not from 1 to the limit.",
    "nobody": "The declaration names nobody.",
    "too_many_persons": "The declaration holds more persons than one declaration may.",
    "total_differs": "The stated total is not the number of persons listed.",
    # The rest of a declaration.
    "text_control": "A text holds characters that a text cannot have.",
    "statement_receipt_code": "The statement contains a receipt code.",
    "country_unknown": "The country is not a two-letter code of ISO 3166.",
    "province_form": "The province is not written like the name of a province.",
    "place_too_fine": "The place is finer than a province.",
    "date_unreadable": "A date is not a real date written as asked.",
    "date_future": "A date lies in the future.",
    "date_too_early": "A date lies before anything that could be declared.",
    "statement_missing": "The statement is to be shown, and there is none.",
    "show_needs_self": "A name is to be shown, and nobody declares for themselves.",
    "bind_needs_self": "A legal name is to be bound, and nobody declares for themselves.",
    "legal_name_form": "The legal name is not written as in the passport's machine-readable zone.",
    "legal_name_parts": "Surname and given names of the legal name are not told apart.",
    "receipt_unreadable": "The earlier receipt code cannot be read.",
    "receipt_check_failed": "The earlier receipt code has a slip in it.",
    "key_form": "The idempotency key is not base64url of the right length.",
    # Lists of names and list files.
    "count_too_small": "A line states fewer persons than it names.",
    "count_unclear": "A number of persons is written in a way that can be read in two ways.",
    "count_twice": "A line states how many persons it holds more than once.",
    "and_unclear": "It is not clear where one name ends and the next begins.",
    "space_unclear": "It is not clear whether a space parts two names or stands inside one.",
    "name_missing": "A line has no name and no number of persons.",
    "organizations_unclear": "A line's organisations cannot be read.",
    "column_unknown": "The heading of a column is not known, or stands there twice.",
    "value_unclear": "A cell holds a word that its column does not know.",
    "unnamed_differ": "Unnamed persons on several lines differ in organisations or consent.",
    # Files.
    "file_too_large": "The file is larger than a list file may be.",
    "file_kind_unknown": "The file is none of .txt, .csv and .xlsx.",
    "file_empty": "The file has no line with anything in it.",
    "not_text": "The file is no text in UTF-8, UTF-16 or GB18030.",
    "not_a_workbook": "The file is no workbook that can be read.",
    "workbook_too_large": "The workbook unpacks to more than a list can need.",
    "workbook_external": "The workbook has links to other files, or macros.",
    "row_unreadable": "The quotation marks of a row cannot be read.",
    "formula": "A cell holds a formula.",
    "cell_not_text": "A cell holds a number, date or error where a text belongs.",
    "too_many_rows": "The table has more rows or columns than a list can need.",
    "too_many_problems": "There are further problems that are not listed.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (a path such as `persons[3].name`) and what.

    `code` is one of PROBLEM_CODES; `facts` are limits and counts, never a typed value.
    """

    path: str
    code: str
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in PROBLEM_CODES:
            raise ValueError(f"no such problem code: {self.code}")


class IntakeError(ValueError):
    """A declaration that is refused, with everything that is wrong with it."""

    code = "declaration_refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One thing that is wrong in a list: on which line (from 1; 0: the whole) and what."""

    line: int
    code: str
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in PROBLEM_CODES:
            raise ValueError(f"no such problem code: {self.code}")


class ListError(ValueError):
    """A list that is refused as a whole, with every wrong line."""

    code = "list_refused"

    def __init__(self, problems: Iterable[LineProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(f"{len(self.problems)} problems")
