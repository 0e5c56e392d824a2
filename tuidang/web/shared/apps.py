# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shared: the room's entry in Django's list of apps, so that its catalogues are found."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """The words that all doors share."""

    name = "tuidang.web.shared"
    label = "web_shared"
