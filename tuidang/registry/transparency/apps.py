# SPDX-License-Identifier: AGPL-3.0-or-later
"""Transparency: leaves, batches, and the public log's files."""

from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    """The room's entry in Django's list of apps."""

    name = "tuidang.registry.transparency"
    label = "transparency"
