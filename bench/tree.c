/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The raw limit of a tree: the kernel's own loops over one block of memory, without Python.
 * Prints the CPU seconds of the leaf hashes and of the nodes above them, best of five.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernel.c"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
    const size_t count = argc > 1 ? (size_t)atol(argv[1]) : 1000000, width = 36;
    const int32_t ways = kernel_ways();
    uint8_t *entries = malloc(count * width), *out = malloc(count * HASH);
    uint64_t *lengths = malloc(count * sizeof *lengths);
    double leaves = 1e9, nodes = 1e9;
    for (size_t i = 0; i < count * width; i++) entries[i] = (uint8_t)rand();
    for (size_t i = 0; i < count; i++) lengths[i] = width;
    for (int run = 0; run < 5; run++) {
        double began = now();
        kernel_leaves(ways, entries, count * width, lengths, count, out, 0);
        double hashed = now();
        for (size_t n = count; n > 1;) n = kernel_tiles(ways, out, n, out);
        double ended = now();
        if (hashed - began < leaves) leaves = hashed - began;
        if (ended - hashed < nodes) nodes = ended - hashed;
    }
    printf("%f %f\n", leaves, nodes);
    return 0;
}
