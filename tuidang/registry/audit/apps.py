# SPDX-License-Identifier: AGPL-3.0-or-later
"""Audit: who did what, without saying about whom."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The lowest room; everything above writes rows here."""

    name = "tuidang.registry.audit"
    label = "audit"
