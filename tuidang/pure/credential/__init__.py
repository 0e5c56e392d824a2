# SPDX-License-Identifier: Apache-2.0
"""Certificates as values: what one says, its bytes, its code, its proof, and its words.

Everything is given from outside: keys, days, random bytes. Nothing here may look at a clock,
draw a number, or decide whom to trust.
"""
