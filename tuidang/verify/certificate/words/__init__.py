# SPDX-License-Identifier: Apache-2.0
"""What a checker says to an officer, in English and both Chinese scripts, one file a language.

Each file has TITLES by outcome, FOUND by reason, and ADVICE (what it means, what to do) by the
group to which the reason belongs. They are written, not converted. They must never name a
person, nor claim that anybody recognises a certificate.
"""
