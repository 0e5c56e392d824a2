# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accounts: volunteers and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room's entry in Django's list of apps."""

    name = "tuidang.registry.accounts"
    label = "accounts"
