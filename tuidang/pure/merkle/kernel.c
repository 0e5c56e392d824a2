/* SPDX-License-Identifier: Apache-2.0
 *
 * The hash kernel: SHA-256 of many short messages, and the plain road of an audit.
 *
 * Knows no Python: `compiled.py` calls it by ctypes, so that a C compiler alone is enough to
 * build it. It allocates nothing, keeps nothing between calls, and reads no byte that its
 * caller did not say is there.
 *
 * Source: RFC 6962 section 2.1; what a function promises stands in `kernel.py`.
 */
#include "sha256.h"

#define EXPORT __attribute__((visibility("default")))

enum { ABI = 3, TILE = 256, QUEUE_BLOCKS = 4, PERSON = 38 };
enum { SHANI = 1, AVX512 = 2 }; /* bits: the ways besides plain C */
enum { CUT_OFF = -1, WORTH_LANES = 9 };

/* --- Which way ------------------------------------------------------------------------------- */

EXPORT int32_t kernel_abi(void) { return ABI; }

/* The bits of the ways that this processor, and the system on it, can go. */
EXPORT int32_t kernel_ways(void) {
    int32_t ways = 0;
#if X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) ways |= AVX512;
    unsigned a = 0, b = 0, c = 0, d = 0; /* not every compiler has a name for the SHA bit */
    __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(0), "c"(0));
    if (a >= 7) {
        __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(7), "c"(0));
        if ((b >> 29 & 1) && __builtin_cpu_supports("sse4.1")) ways |= SHANI;
    }
#endif
    return ways;
}

static void compress(int32_t ways, uint32_t state[8], const uint8_t *data, size_t blocks) {
#if X86
    if (ways & SHANI) {
        compress_shani(state, data, blocks);
        return;
    }
#endif
    (void)ways;
    compress_portable(state, data, blocks);
}

/* Hash up to sixteen messages that lie one behind the other, padded to as many blocks each. */
static void hash_padded(int32_t ways, const uint8_t *data, size_t blocks, size_t count, uint8_t *out) {
    size_t step = blocks * BLOCK, i = 0;
#if X86
    if ((ways & AVX512) && count >= (ways & SHANI ? WORTH_LANES : 2)) {
        uint8_t all[LANES * HASH]; /* idle lanes hash what the buffer happens to hold */
        hash_sixteen(data, blocks, all);
        memcpy(out, all, count * HASH);
        return;
    }
    for (; (ways & SHANI) && i + 2 <= count; i += 2) {
        uint32_t two[2][8];
        memcpy(two[0], START, sizeof START), memcpy(two[1], START, sizeof START);
        compress_shani_two(two, data + i * step, data + (i + 1) * step, blocks);
        put_state(out + i * HASH, two[0]), put_state(out + (i + 1) * HASH, two[1]);
    }
#endif
    for (; i < count; i++) {
        uint32_t state[8];
        memcpy(state, START, sizeof START);
        compress(ways, state, data + i * step, blocks);
        put_state(out + i * HASH, state);
    }
}

/* --- Leaves: messages of any length, gathered while they need equally many blocks ------------- */

struct queue {
    uint8_t data[LANES * QUEUE_BLOCKS * BLOCK];
    size_t blocks, count;
    uint8_t *out;
    int32_t ways;
};

static void flush(struct queue *q) {
    if (q->count) hash_padded(q->ways, q->data, q->blocks, q->count, q->out);
    q->out += q->count * HASH, q->count = 0;
}

static void put_length(uint8_t *end, uint64_t bytes) {
    put32(end - 8, (uint32_t)(bytes >> 29)), put32(end - 4, (uint32_t)(bytes << 3));
}

static void hash_long(struct queue *q, const uint8_t *entry, size_t length) {
    uint8_t block[2 * BLOCK] = {0}; /* the first byte of all is 0x00, which says "leaf" */
    uint32_t state[8];
    memcpy(state, START, sizeof START);
    memcpy(block + 1, entry, BLOCK - 1);
    compress(q->ways, state, block, 1);
    size_t rest = length - (BLOCK - 1), whole = rest / BLOCK;
    compress(q->ways, state, entry + (BLOCK - 1), whole);
    rest -= whole * BLOCK;
    size_t last = rest < BLOCK - 8 ? 1 : 2;
    memset(block, 0, sizeof block);
    memcpy(block, entry + length - rest, rest);
    block[rest] = 0x80;
    put_length(block + last * BLOCK, (uint64_t)length + 1);
    compress(q->ways, state, block, last);
    put_state(q->out, state);
    q->out += HASH;
}

INLINE void pad(uint8_t *at, const uint8_t *entry, size_t length, size_t blocks) {
    at[0] = 0;
    memcpy(at + 1, entry, length);
    at[1 + length] = 0x80;
    memset(at + 2 + length, 0, blocks * BLOCK - 2 - length);
    put_length(at + blocks * BLOCK, (uint64_t)length + 1);
}

static void hash_leaf(struct queue *q, const uint8_t *entry, size_t length) {
    size_t blocks = (length + 1 + 1 + 8 + BLOCK - 1) / BLOCK;
    if (q->count == LANES || (q->count && q->blocks != blocks)) flush(q);
    if (length > (QUEUE_BLOCKS - 1) * BLOCK) {
        flush(q);
        hash_long(q, entry, length);
        return;
    }
    uint8_t *at = q->data + q->count++ * blocks * BLOCK;
    q->blocks = blocks;
    if (length == PERSON - 2)
        pad(at, entry, PERSON - 2, 1); /* nearly all: with a known length this is a few moves */
    else
        pad(at, entry, length, blocks);
}

/* Hash `count` entries that lie joined, into `out` from hash number `first` on. CUT_OFF unless
 * the lengths add up to `size`. */
EXPORT int64_t kernel_leaves(int32_t ways, const uint8_t *entries, size_t size,
                             const uint64_t *lengths, size_t count, uint8_t *out, size_t first) {
    struct queue q = {.out = out + first * HASH, .ways = ways};
    for (size_t i = 0; i < count; i++) {
        if (lengths[i] > size) return CUT_OFF;
        hash_leaf(&q, entries, lengths[i]);
        entries += lengths[i], size -= lengths[i];
    }
    flush(&q);
    return size ? CUT_OFF : (int64_t)count;
}

/* Return the number of entries, CUT_OFF if the last is not whole; hash them if there is room. */
EXPORT int64_t kernel_bundle(int32_t ways, const uint8_t *bundle, size_t size, uint8_t *out,
                             size_t room) {
    size_t count = 0, at = 0;
    for (; at < size; count++) {
        if (size - at < 2) return CUT_OFF;
        size_t length = (size_t)bundle[at] << 8 | bundle[at + 1];
        if (size - at - 2 < length) return CUT_OFF;
        at += 2 + length;
    }
    if (count > room) return (int64_t)count;
    struct queue q = {.out = out, .ways = ways};
    for (at = 0; at < size;) {
        size_t length = (size_t)bundle[at] << 8 | bundle[at + 1];
        hash_leaf(&q, bundle + at + 2, length);
        at += 2 + length;
    }
    flush(&q);
    return (int64_t)count;
}

/* --- Nodes ----------------------------------------------------------------------------------- */

/* Write the row above `count` hashes, an odd last one promoted; `out` may be `hashes`. */
EXPORT size_t kernel_parents(int32_t ways, const uint8_t *hashes, size_t count, uint8_t *out) {
    uint8_t data[LANES * 2 * BLOCK] = {0};
    for (int i = 0; i < LANES; i++) {
        uint8_t *at = data + i * 2 * BLOCK;
        at[0] = 1, at[1 + 2 * HASH] = 0x80;
        put_length(at + 2 * BLOCK, 1 + 2 * HASH);
    }
    size_t pairs = count / 2;
    for (size_t done = 0; done < pairs;) {
        size_t now = pairs - done < LANES ? pairs - done : LANES;
        for (size_t i = 0; i < now; i++)
            memcpy(data + i * 2 * BLOCK + 1, hashes + (done + i) * 2 * HASH, 2 * HASH);
        hash_padded(ways, data, 2, now, out + done * HASH);
        done += now;
    }
    if (count & 1) memmove(out + pairs * HASH, hashes + (count - 1) * HASH, HASH);
    return pairs + (count & 1);
}

/* Write the root of each tile of 256 hashes, the last perhaps shorter; `out` may be `hashes`. */
EXPORT size_t kernel_tiles(int32_t ways, const uint8_t *hashes, size_t count, uint8_t *out) {
    uint8_t row[TILE / 2 * HASH];
    size_t tiles = 0;
    for (size_t at = 0; at < count; at += TILE, tiles++) {
        size_t width = count - at < TILE ? count - at : TILE;
        width = kernel_parents(ways, hashes + at * HASH, width, row);
        while (width > 1) width = kernel_parents(ways, row, width, row);
        memcpy(out + tiles * HASH, row, HASH);
    }
    return tiles;
}

/* --- What an auditor does to every leaf ------------------------------------------------------ */

static int is_person(const uint8_t *entry) {
    const uint8_t orgs = entry[3], class_ = entry[4] & 0x7f;
    return entry[0] == 0 && entry[1] == PERSON - 2 && entry[2] == 1 && entry[5] == 0 &&
           (orgs < 8 || orgs == 0xff) && (class_ < 4 || class_ == 7);
}

static int ascends(const uint8_t *one, const uint8_t *other) {
    const uint64_t a = get64(one), b = get64(other); /* eight bytes nearly always decide */
    return a != b ? a < b : memcmp(one, other, HASH) < 0;
}

/* Hash a commitment to 8 bytes: twice a sum of its words times secret ones, of which the upper half
 * is kept. Whoever does not know the 18 of them cannot choose two that get the same (Dietzfelbinger). */
static void fingerprint(const uint8_t *commitment, const uint64_t secret[18], uint8_t *out) {
    uint64_t high = secret[8], low = secret[17];
    for (int i = 0; i < 8; i++) {
        const uint64_t word = get32(commitment + 4 * i);
        high += secret[i] * word, low += secret[9 + i] * word;
    }
    put32(out, (uint32_t)(high >> 32)), put32(out + 4, (uint32_t)(low >> 32));
}

/* Take D entries from byte `start` while each is well formed and above the one before (`last`,
 * 32 bytes, or NULL where the batch begins). Counts them at orgs << 8 | class, and writes the
 * fingerprint of each commitment. Returns how many were taken, `room` at most. */
EXPORT size_t kernel_persons(const uint8_t *bundle, size_t size, size_t start, const uint8_t *last,
                             const uint64_t secret[18], uint64_t *counts, uint8_t *fingerprints,
                             size_t room) {
    size_t taken = 0;
    for (size_t at = start; taken < room && at <= size && size - at >= PERSON; at += PERSON) {
        const uint8_t *entry = bundle + at, *commitment = entry + 6;
        if (!is_person(entry) || (last && !ascends(last, commitment))) break;
        counts[(size_t)entry[3] << 8 | entry[4]]++;
        fingerprint(commitment, secret, fingerprints + 8 * taken++);
        last = commitment;
    }
    return taken;
}

/* Group `count` values of 8 bytes by their first byte; `ends` gets the end of each group. */
EXPORT void kernel_buckets(const uint8_t *values, size_t count, uint8_t *out, uint64_t ends[256]) {
    uint64_t next[256] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++) next[values[8 * i]]++;
    for (int b = 0; b < 256; b++) ends[b] = sum += next[b], next[b] = sum - next[b];
    for (size_t i = 0; i < count; i++) memcpy(out + 8 * next[values[8 * i]]++, values + 8 * i, 8);
}

/* Sort values by their bytes from number `low` up to number `high`, the lowest is number 0. Values
 * and `other` change places at each step; the result is copied back if it ends up there. */
static void sort_bytes(uint64_t *values, uint64_t *other, size_t count, int low, int high) {
    uint64_t *from = values, *to = other;
    for (int shift = 8 * low; shift < 8 * high && count > 1; shift += 8) {
        uint32_t next[256] = {0}, sum = 0;
        for (size_t i = 0; i < count; i++) next[from[i] >> shift & 255]++;
        if (next[from[0] >> shift & 255] == count) continue;
        for (int b = 0; b < 256; b++) sum += next[b], next[b] = sum - next[b];
        for (size_t i = 0; i < count; i++) to[next[from[i] >> shift & 255]++] = from[i];
        uint64_t *swap = from;
        from = to, to = swap;
    }
    if (from != values) memcpy(values, from, count * sizeof *values);
}

/* Put nearly sorted values into order by moving each to its place; gives up after `most` moves. */
static int settle(uint64_t *values, size_t count, size_t most) {
    for (size_t i = 1; i < count; i++) {
        const uint64_t value = values[i];
        size_t at = i;
        for (; at && values[at - 1] > value; at--) {
            if (!most--) return values[at] = value, 0;
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
    return 1;
}

/* Sort values that differ in their lowest `bytes` bytes only. The highest three of these part nearly
 * all of them; values that somebody chose so that they do not are sorted by every byte. */
static void sort_low(uint64_t *values, uint64_t *other, size_t count, int bytes) {
    const int low = bytes > 3 ? bytes - 3 : 0;
    sort_bytes(values, other, count, low, bytes);
    if (low && !settle(values, count, 4 * count)) sort_bytes(values, other, count, 0, bytes);
}

/* Gather the values of 8 bytes that come more than once. They are dealt by the highest byte in
 * which they differ, so that the rest of the sorting stays within a cache; no choice of values
 * makes it take more than eight steps. `work` has room for twice as many values, of which there
 * are less than 2^32; returns how many repeats stand at its beginning, ascending. */
EXPORT size_t kernel_repeats(const uint8_t *values, size_t count, uint64_t *work) {
    uint64_t *const other = work + count, differ = 0;
    for (size_t i = 0; i < count; i++) {
        work[i] = get64(values + 8 * i);
        differ |= work[i] ^ work[0];
    }
    int top = 7;
    while (top && !(differ >> 8 * top)) top--;
    uint64_t ends[256] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++) ends[work[i] >> 8 * top & 255]++;
    for (int b = 0; b < 256; b++) sum += ends[b], ends[b] = sum - ends[b];
    for (size_t i = 0; i < count; i++) other[ends[work[i] >> 8 * top & 255]++] = work[i];
    for (size_t b = 0, start = 0; b < 256; start = ends[b++])
        sort_low(other + start, work + start, (size_t)ends[b] - start, top);
    size_t found = 0;
    for (size_t i = 1, again = 0; i < count; i++) {
        const int same = other[i] == other[i - 1];
        if (same && !again) {
            uint8_t *out = (uint8_t *)(work + found++);
            put32(out, (uint32_t)(other[i] >> 32)), put32(out + 4, (uint32_t)other[i]);
        }
        again = (size_t)same;
    }
    return found;
}
