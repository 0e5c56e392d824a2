# SPDX-License-Identifier: Apache-2.0
"""The checkers that a stranger installs. Needs only `pure` and the cryptography package.

Reads what it judges, from files or URLs, and writes only what its user wants remembered,
copied or signed. It must never take a key from the thing that it judges, and never tell
anybody what was checked.
"""
