# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every office request passes: the opened ring keys, and headers that keep nothing behind.

The session holds the ring keys encrypted; the key to that is only in the volunteer's cookie. So
the database alone opens nothing, and neither does the cookie alone.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from tuidang.registry.vault.errors import VaultError
from tuidang.registry.vault.unlocked import Unlocked as Keys
from tuidang.registry.vault.unlocked import lock_session, open_session

COOKIE = "__Host-unlock"
SESSION_BLOB = "unlocked"
OPEN_PATHS = ("/login/", "/healthz", "/style.css", "/language/")

Answer = Callable[[HttpRequest], HttpResponse]


class Unlocked:
    """Gives every request of a signed-in volunteer `request.unlocked`; sends others to sign in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Open the session's keys, or end the session."""
        if request.path in OPEN_PATHS:
            return _quiet(self.get_response(request))
        keys = _open(request)
        if keys is None:
            if request.user.is_authenticated:
                logout(request)
            answer: HttpResponse = HttpResponseRedirect(settings.LOGIN_URL)
            answer.delete_cookie(COOKIE)
            return _quiet(answer)
        request.unlocked = keys  # type: ignore[attr-defined]
        request.now = timezone.now()  # type: ignore[attr-defined]
        return _quiet(self.get_response(request))


def keep_unlocked(request: HttpRequest, answer: HttpResponse, keys: Keys) -> None:
    """Put `keys` into the session, encrypted, and the key to them into the answer's cookie."""
    blob, cookie_key = lock_session(keys)
    request.session[SESSION_BLOB] = urlsafe_b64encode(blob).decode()
    answer.set_cookie(
        COOKIE,
        urlsafe_b64encode(cookie_key).decode(),
        secure=True,
        httponly=True,
        samesite="Strict",
    )


def _open(request: HttpRequest) -> Keys | None:
    blob, cookie = request.session.get(SESSION_BLOB), request.COOKIES.get(COOKIE)
    if not (request.user.is_authenticated and blob and cookie):
        return None
    try:
        keys = open_session(urlsafe_b64decode(blob), urlsafe_b64decode(cookie))
    except (VaultError, NotBase64, ValueError):
        return None
    return keys if keys.member == request.user.pk else None


def _quiet(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    answer["Cross-Origin-Opener-Policy"] = "same-origin"
    return answer
