# SPDX-License-Identifier: AGPL-3.0-or-later
"""The paper: a certificate's one page, as PDF with a signature, as picture, and plain.

It prints what the claims say and nothing else, and knows no application, no mailbox and no
database. It must never show a box instead of a character, and never look like a document of a
state.
"""
