# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every door says and how it says it: three languages, and words for every error code.

This room must never know who asks, repeat what was typed, or import a door.
"""
