# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public process: takes declarations in sealed, and can open nothing.

It has no sessions, no cookies, no accounts, and in production a database role of its own
(`TUIDANG_PUBLIC_DATABASE`) that may only add declarations and read what is public.
"""

import os

from tuidang.settings.base import *  # noqa: F403
from tuidang.settings.base import ALLOWED_HOSTS, DATA, INSTALLED_APPS, VERIFY_HOST
from tuidang.settings.database import database

_ADDRESS = os.environ.get("TUIDANG_PUBLIC_DATABASE") or os.environ.get("TUIDANG_DATABASE", "")
DATABASES = {"default": database(DATA, _ADDRESS)}
if _ADDRESS:
    # Few statements, repeated: prepared by the server, with bytes sent as bytes. A quarter
    # less work for each declaration than writing them into the text of the statement.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 1}

ROOT_URLCONF = "tuidang.web.public.urls"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, VERIFY_HOST.partition(":")[0]]
INSTALLED_APPS = [*INSTALLED_APPS, "tuidang.web.shared", "tuidang.web.public"]
MIDDLEWARE = [
    "tuidang.web.shared.languages.Language",
    "tuidang.web.public.middleware.SafeHeaders",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.i18n"]},
    }
]
WSGI_APPLICATION = "tuidang.web.public.wsgi.application"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
APPEND_SLASH = False
