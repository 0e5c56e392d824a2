# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why no paper comes out. Nothing here may carry a name or a number of a certificate."""

from typing import ClassVar


class PaperError(Exception):
    """The paper was not made; `code` is stable, `data` says what an operator needs."""

    code: ClassVar[str]
    words: ClassVar[str]

    def __init__(self, **data: object) -> None:
        super().__init__(self.code, data)
        self.data = data

    def __str__(self) -> str:
        return self.words.format(**self.data)


class FontsMissing(PaperError):
    """A font of the paper is not installed; `fonts` says which, and what to install."""

    code = "fonts_missing"
    words = "{fonts}"

    def __str__(self) -> str:
        fonts = self.data["fonts"]
        return " ".join(fonts) if isinstance(fonts, tuple) else str(fonts)


class CharactersMissing(PaperError):
    """No font has a character of the certificate: it must be reported, not printed as a box."""

    code = "characters_missing"
    words = "No font of the paper has {count} of the certificate's characters."


class CharactersAlike(PaperError):
    """Two different characters of the certificate have one shape, so it cannot be read back."""

    code = "characters_alike"
    words = "{count} characters of the certificate are drawn alike, so it could not be checked."


class PageFull(PaperError):
    """What the certificate says does not fit on its one page."""

    code = "page_full"
    words = "What the certificate says does not fit on one page."


class NotTypeset(PaperError):
    """The typesetter stopped; it is not said where, since that would quote the certificate."""

    code = "not_typeset"
    words = "The typesetter refused the page."


class NotOurPaper(PaperError):
    """The file to be signed is not one that this room has typeset."""

    code = "not_our_paper"
    words = "The file is not a page that was typeset here: {what}."


class SignatureTooLarge(PaperError):
    """The signature does not fit into the room that is kept for it."""

    code = "signature_too_large"
    words = "The signature takes {size} bytes, and there is room for {room}."
