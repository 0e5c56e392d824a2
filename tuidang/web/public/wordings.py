# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ready wordings for a statement, for those who do not want to find their own.

They say what the declarant says, in the first person; the registry itself says none of it.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

WORDINGS: Mapping[str, str] = {
    "leave": gettext_noop(
        "I leave the organisations named in this declaration. I have decided this myself."
    ),
    "child": gettext_noop(
        "I joined as a child or a youth and was not really asked. I now leave the organisations "
        "named in this declaration, and the vows that I made then no longer bind me."
    ),
    "family": gettext_noop(
        "Each of us leaves the organisations named beside our names. Each of us has agreed."
    ),
}
