# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door: pages without scripts, the API, and the files of the log.

It seals what comes in and hands out what it cannot read. It must never set a cookie, name a
third party, keep or log who asked for what, put a receipt code that was typed back into a
page, or reach reviews and accounts.
"""
