# SPDX-License-Identifier: Apache-2.0
"""A mirror: a whole copy of a log, audited before anybody is shown it.

Fetches, recomputes, remembers. It must never replace a copy that holds by one that does not,
go back to a smaller log, or lose the proof that a log has signed two histories.

Source: `transparency-log.md` sections 3, 5 and 11.
"""
