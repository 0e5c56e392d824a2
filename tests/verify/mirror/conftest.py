# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mirrors that do not wait for the disk, which other tests keep busy at the same time."""

import os

import pytest


@pytest.fixture(autouse=True)
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what would be synced, in the order in which it would."""
    asked: list[str] = []
    monkeypatch.setattr(os, "sync", lambda: asked.append("everything"))
    return asked
