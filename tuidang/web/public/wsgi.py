# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public process, for a WSGI server such as granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ["DJANGO_SETTINGS_MODULE"] = "tuidang.settings.public"

application = get_wsgi_application()

_ = get_resolver().url_patterns  # load every page now, not at somebody's first visit

# What is loaded now stays for good. Left among what is searched for garbage, it stops every
# thread for tens of milliseconds, again and again, under load.
gc.collect()
gc.freeze()
