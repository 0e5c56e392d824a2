# SPDX-License-Identifier: AGPL-3.0-or-later
"""Declarations: what came in, sealed, and what became of it."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    """The room's entry in Django's list of apps."""

    name = "tuidang.registry.declarations"
    label = "declarations"
