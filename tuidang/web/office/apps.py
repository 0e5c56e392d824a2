# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office: the door for volunteers."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The door's entry in Django's list of apps."""

    name = "tuidang.web.office"
    label = "office"
