# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree and its public formats, by RFC 6962 and the C2SP specifications.

Knows bytes and hashes only. It must never learn what an entry means (that is
`pure.ledger`), and never reads a file, a clock or the network.
"""
