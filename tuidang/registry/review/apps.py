# SPDX-License-Identifier: AGPL-3.0-or-later
"""Review: the queue, the decisions, and ten minutes to undo them."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The room's entry in Django's list of apps."""

    name = "tuidang.registry.review"
    label = "review"
