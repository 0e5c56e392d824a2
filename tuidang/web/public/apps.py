# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public: the room's entry in Django's list of apps, so that templates and words are found."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The door for everybody."""

    name = "tuidang.web.public"
    label = "web_public"
