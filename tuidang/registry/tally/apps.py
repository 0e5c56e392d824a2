# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tally: the published totals and how they were reviewed."""

from django.apps import AppConfig


class TallyConfig(AppConfig):
    """The room's entry in Django's list of apps."""

    name = "tuidang.registry.tally"
    label = "tally"
