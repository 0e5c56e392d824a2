# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuidang.settings.office")

application = get_wsgi_application()
