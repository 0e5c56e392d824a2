/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Calls every function of the hash kernel on memory of exactly the size that it was told, and
 * holds its ways to the same answers. Built with the sanitizers of address and undefined
 * behaviour by test_kernel_bounds.py, which end the program at the first byte out of place.
 */
#include <stdio.h>
#include <stdlib.h>

#include "kernel.c"

static uint32_t state = 1;

static uint8_t noise(void) {
    state = state * 1664525 + 1013904223;
    return (uint8_t)(state >> 24);
}

static uint8_t *block(size_t size) {
    uint8_t *at = malloc(size ? size : 1);
    for (size_t i = 0; i < size; i++) at[i] = noise();
    return at;
}

static void same(const uint8_t *one, const uint8_t *other, size_t size, const char *what) {
    if (memcmp(one, other, size)) {
        printf("%s: two ways, two answers\n", what);
        exit(1);
    }
}

static void leaves(int32_t ways, size_t count, size_t longest) {
    uint64_t *lengths = malloc(count * sizeof *lengths);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) size += lengths[i] = (noise() << 8 | noise()) % (longest + 1);
    uint8_t *entries = block(size), *out = block(count * HASH), *plain = block(count * HASH);
    kernel_leaves(ways, entries, size, lengths, count, out, 0);
    kernel_leaves(0, entries, size, lengths, count, plain, 0);
    same(out, plain, count * HASH, "leaves");
    lengths[count - 1] += 1; /* says more than there is, and then less */
    if (kernel_leaves(ways, entries, size, lengths, count, out, 0) != CUT_OFF) exit(2);
    if (size && kernel_leaves(ways, entries, size, lengths, 0, out, 0) != CUT_OFF) exit(2);
    free(lengths), free(entries), free(out), free(plain);
}

/* A bundle of persons in order, one byte of it perhaps wrong, and cut off at any place. */
static void bundles(int32_t ways, size_t count, size_t cut, size_t wrong) {
    size_t size = count * PERSON - cut;
    uint8_t *bundle = block(size), out[TILE * HASH], plain[TILE * HASH], fingerprints[8 * 8];
    static uint64_t counts[1 << 16], secret[18];
    for (size_t at = 0; at < size; at++) {
        const uint8_t head[7] = {0, PERSON - 2, 1, 7, 1, 0, (uint8_t)(at / PERSON)};
        if (at % PERSON < sizeof head) bundle[at] = head[at % PERSON];
    }
    if (size) bundle[wrong % size] ^= (uint8_t)(wrong >> 8);
    int64_t one = kernel_bundle(ways, bundle, size, out, TILE);
    if (one != kernel_bundle(0, bundle, size, plain, TILE)) exit(3);
    if (one > 0 && one <= TILE) same(out, plain, (size_t)one * HASH, "bundle");
    for (size_t start = 0; start <= size + 1; start += 1 + start % 3)
        if (kernel_persons(bundle, size, start, start % 2 ? NULL : plain, secret, counts, fingerprints,
                           8) > 8)
            exit(4);
    free(bundle);
}

static void nodes(int32_t ways, size_t count) {
    size_t above = (count + 1) / 2 * HASH, roots = (count + TILE - 1) / TILE * HASH;
    uint8_t *hashes = block(count * HASH), *out = block(above), *plain = block(above);
    if (kernel_parents(ways, hashes, count, out) * HASH != above) exit(5);
    kernel_parents(0, hashes, count, plain);
    same(out, plain, above, "parents");
    out = realloc(out, roots + !roots), plain = realloc(plain, roots + !roots);
    kernel_tiles(ways, hashes, count, out), kernel_tiles(0, hashes, count, plain);
    same(out, plain, roots, "tiles");
    free(hashes), free(out), free(plain);
}

static void values(size_t count, int kinds) {
    uint8_t *all = block(8 * count), *grouped = block(8 * count);
    uint64_t ends[256], *work = malloc(16 * count + 1);
    for (size_t i = 0; i < 8 * count; i++) all[i] = (uint8_t)(all[i] % kinds);
    kernel_buckets(all, count, grouped, ends);
    if (ends[255] != count || kernel_repeats(all, count, work) > count / 2) exit(6);
    free(all), free(grouped), free(work);
}

int main(void) {
    const int32_t all[] = {0, SHANI, AVX512, SHANI | AVX512}, can = kernel_ways();
    for (int w = 0; w < 4; w++) {
        if (all[w] & ~can) continue;
        for (size_t n = 1; n < 50; n++) leaves(all[w], n, 200), leaves(all[w], n, 36);
        leaves(all[w], 5, 60000);
        for (size_t n = 0; n < 200; n++) bundles(all[w], 1 + n % 7, n % PERSON, n * 977);
        bundles(all[w], TILE, 0, 0), bundles(all[w], TILE + 1, 0, 0);
        for (size_t n = 0; n < 600; n += n < 70 ? 1 : 37) nodes(all[w], n);
    }
    for (size_t n = 0; n < 300; n += 1 + n / 8) values(n, 2), values(n, 256);
    puts("held");
    return 0;
}
