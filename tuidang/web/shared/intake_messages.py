# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words for what can be wrong with a declaration, by the codes of `pure.intake`.

Each says what to do rather than what failed. None may have room for a value that was typed:
only limits and counts are put in.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

WHOLE: Mapping[str, str] = {
    "wrong_type": gettext_noop("This is not the kind of value that belongs here."),
    "missing": gettext_noop("Please fill this in."),
    "unknown_field": gettext_noop("There are fields here that a declaration does not have."),
    "unknown_choice": gettext_noop("Please choose one of the answers that are offered."),
    "too_long": gettext_noop("This is too long. At most %(limit)s characters fit."),
}
NAMES: Mapping[str, str] = {
    "name_empty": gettext_noop("Please enter a name or an alias."),
    "name_too_long": gettext_noop("This name is too long. At most %(limit)s characters fit."),
    "name_control": gettext_noop("The name contains control characters. Please type it anew."),
    "name_line_break": gettext_noop("Please write the name on one line."),
    "name_bidi": gettext_noop(
        "The name contains hidden signs that turn the direction of writing. Please type it anew."
    ),
    "name_invisible": gettext_noop("The name contains invisible signs. Please type it anew."),
    "name_private_use": gettext_noop(
        "The name contains a character that only some devices know. Please use another spelling."
    ),
    "name_broken": gettext_noop("The name contains a broken character. Please type it anew."),
    "name_not_composed": gettext_noop(
        "Letters and accents of the name are stored apart. Please type it anew."
    ),
    "name_marks": gettext_noop("There are too many accents in a row in the name."),
    "name_digits": gettext_noop("A name cannot consist of digits only."),
    "name_no_letters": gettext_noop("There is no letter in the name."),
    "name_url": gettext_noop("Please leave web addresses out of the name."),
    "name_contact": gettext_noop(
        "Please leave telephone numbers, identity numbers and mail addresses out of the name."
    ),
    "name_timestamp": gettext_noop("Please leave dates and times out of the name."),
    "name_bullet": gettext_noop("Please leave bullets out of the name."),
    "name_numbering": gettext_noop("Please leave list numbers out of the name."),
    "name_label": gettext_noop(
        "There is a colon in the name, as after a label. Please leave only the name."
    ),
    "name_several": gettext_noop(
        "There seems to be more than one name here. Please give each person a field or a line."
    ),
    "name_formula": gettext_noop("A name cannot begin with an equals sign."),
}
PEOPLE: Mapping[str, str] = {
    "organizations_empty": gettext_noop("Please choose at least one organisation."),
    "organizations_repeated": gettext_noop("An organisation is named twice."),
    "organizations_mixed": gettext_noop(
        "Choose either “All, not specified” or single organisations, not both."
    ),
    "consent_missing": gettext_noop("Please say whether this person agreed."),
    "consent_for_self": gettext_noop(
        "Who declares for themselves needs no consent. Please leave it out."
    ),
    "self_twice": gettext_noop("Only one person can be yourself."),
    "self_unnamed": gettext_noop("People without names cannot be yourself."),
    "count_out_of_range": gettext_noop("Please enter a number from 1 to %(limit)s."),
    "nobody": gettext_noop("Please enter at least one person."),
    "too_many_persons": gettext_noop(
        "One declaration holds at most %(limit)s people. Please divide it."
    ),
    "total_differs": gettext_noop(
        "You stated %(stated)s people, but %(listed)s are listed. Which is right?"
    ),
}
REST: Mapping[str, str] = {
    "text_control": gettext_noop(
        "The text contains control characters or hidden signs. Please type it anew."
    ),
    "statement_receipt_code": gettext_noop(
        "A receipt code is written here. Please take it out: nobody else may see it."
    ),
    "country_unknown": gettext_noop("Please choose a country or region."),
    "province_form": gettext_noop("Please write only the name of the province or state."),
    "place_too_fine": gettext_noop(
        "This is finer than a province. For your safety please leave it out."
    ),
    "date_unreadable": gettext_noop("Please write a real date, as 2026-01-31."),
    "date_future": gettext_noop("This date lies in the future."),
    "date_too_early": gettext_noop("This date is too early: it begins with %(limit)s."),
    "statement_missing": gettext_noop("A statement is to be shown, but none was written."),
    "show_needs_self": gettext_noop(
        "A name can be shown only where somebody declares for themselves."
    ),
    "bind_needs_self": gettext_noop(
        "A legal name can be bound only where somebody declares for themselves."
    ),
    "legal_name_form": gettext_noop(
        "Please write the legal name in the letters A to Z, as in the lower lines of the passport."
    ),
    "legal_name_parts": gettext_noop("Please write surname and given names apart."),
    "receipt_unreadable": gettext_noop(
        "This cannot be read as a receipt code: it has nine words, or nine groups of four digits."
    ),
    "receipt_check_failed": gettext_noop(
        "There is a slip in the receipt code: a word or group is wrong, or two are swapped."
    ),
    "key_form": gettext_noop("The form has lost its key. Please send it once more."),
}
LISTS: Mapping[str, str] = {
    "count_too_small": gettext_noop(
        "A number of %(stated)s is written here, but %(listed)s names stand on the line."
    ),
    "count_unclear": gettext_noop(
        "The number of people can be read in two ways. Please write it as digits."
    ),
    "count_twice": gettext_noop("The number of people is stated more than once."),
    "and_unclear": gettext_noop(
        "It is not clear where one name ends. Please write each name on a line of its own."
    ),
    "space_unclear": gettext_noop(
        "It is not clear whether a space parts two names. Please use commas."
    ),
    "name_missing": gettext_noop("There is neither a name nor a number of people."),
    "organizations_unclear": gettext_noop("The organisations cannot be read."),
    "column_unknown": gettext_noop("The heading of a column is not known, or stands there twice."),
    "value_unclear": gettext_noop("A cell holds a word that its column does not know."),
    "unnamed_differ": gettext_noop(
        "People without names stand in two places with different choices. Please put them together."
    ),
    "file_too_large": gettext_noop("The file is larger than a list may be."),
    "file_kind_unknown": gettext_noop("Please use a .txt, .csv or .xlsx file."),
    "file_empty": gettext_noop("There is nothing in the file."),
    "not_text": gettext_noop("The file is no text in UTF-8, UTF-16 or GB18030."),
    "not_a_workbook": gettext_noop("The workbook cannot be read."),
    "workbook_too_large": gettext_noop("The workbook unpacks to more than a list can need."),
    "workbook_external": gettext_noop("The workbook has links to other files, or macros."),
    "formula": gettext_noop("A cell holds a formula. Please keep only its value."),
    "cell_not_text": gettext_noop("A cell holds a number, date or error where text belongs."),
    "too_many_rows": gettext_noop("The table has more rows or columns than a list can need."),
    "row_unreadable": gettext_noop("This row of the table cannot be read."),
    "too_many_problems": gettext_noop("There are further problems that are not listed."),
}
INTAKE: Mapping[str, str] = {**WHOLE, **NAMES, **PEOPLE, **REST, **LISTS}
