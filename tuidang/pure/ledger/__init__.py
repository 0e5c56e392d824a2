# SPDX-License-Identifier: Apache-2.0
"""Our entries in the log: who is counted, what is corrected, what a batch must look like.

Gives meaning to the bytes that `pure.merkle` hashes. Salts, keys and the day are always
given from outside; nothing here may draw or remember one.
"""
