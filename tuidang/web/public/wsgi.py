# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public process, for a WSGI server such as granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tuidang.settings.public"

application = get_wsgi_application()
