# SPDX-License-Identifier: Apache-2.0
"""The checker of certificates that a stranger installs: no network and no Django.

Says what a file is worth against a trust bundle that its user chose. It must never ask
anybody, remember what was checked, or take a key from the file that it judges.

Source: `certificates.md` sections 3 and 4.
"""
