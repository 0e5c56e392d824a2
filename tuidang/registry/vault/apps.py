# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vault: sealing, rings of keys, and the mail of declarants."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """The room's entry in Django's list of apps."""

    name = "tuidang.registry.vault"
    label = "vault"
