# SPDX-License-Identifier: Apache-2.0
"""A witness: it signs that a log has only grown since it last looked.

Remembers one tree head for each log that it knows, and must never sign a second one that
does not extend it: that memory is the whole of its worth. It reads no entries, keeps no
list of who asked, and signs nothing for logs whose keys it was not given.

Source: C2SP tlog-witness v1.0.0, in `transparency-log.md` section 9.
"""
