# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office process and the commands: everything that a volunteer's unlocked key allows.

Its own host name, not reached from the internet in a normal installation.
"""

from tuidang.settings.base import *  # noqa: F403
from tuidang.settings.base import INSTALLED_APPS

ROOT_URLCONF = "tuidang.web.office.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    *INSTALLED_APPS,
    "tuidang.registry.accounts",
    "tuidang.registry.review",
    "tuidang.web.shared",
    "tuidang.web.office",
]
AUTH_USER_MODEL = "accounts.Volunteer"
AUTHENTICATION_BACKENDS = ["tuidang.web.office.backend.OpenedKey"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tuidang.web.office.middleware.Unlocked",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]
WSGI_APPLICATION = "tuidang.web.office.wsgi.application"

IDLE_SECONDS = 15 * 60
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = IDLE_SECONDS
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Strict"
X_FRAME_OPTIONS = "DENY"
# With "no-referrer" browsers send `Origin: null` (Fetch standard, section 3.2), by which our own
# forms cannot be told from a stranger's. To other sites neither sends anything.
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
LOGIN_URL = "/login/"
CSRF_FAILURE_VIEW = "tuidang.web.office.plain.unproven"
