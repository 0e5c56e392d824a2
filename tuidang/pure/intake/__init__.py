# SPDX-License-Identifier: Apache-2.0
"""What a declaration is, and what it must not contain, before anyone seals or stores it.

This room checks, refuses and points out. It must never decide whether somebody is counted,
convert what a person typed, or repeat a typed value in an error.
"""
