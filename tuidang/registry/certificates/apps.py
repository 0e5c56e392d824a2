# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates: from an application to a paper that a stranger checks."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """The room's entry in Django's list of apps."""

    name = "tuidang.registry.certificates"
    label = "certificates"
