/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 in three ways that give the same answers: AVX-512 takes sixteen messages at once,
 * the SHA instructions two, and plain C one. Compiles for any processor; which of them may run
 * is asked when they run, by `kernel.c`.
 *
 * Sources: FIPS 180-4; Intel's manual for the SHA instructions.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define X86 1
#else
#define X86 0
#endif

#define INLINE static inline __attribute__((always_inline))

enum { HASH = 32, BLOCK = 64, LANES = 16 };

static const uint32_t START[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

INLINE uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

INLINE void put32(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 24), p[1] = (uint8_t)(v >> 16), p[2] = (uint8_t)(v >> 8), p[3] = (uint8_t)v;
}

INLINE uint64_t get64(const uint8_t *p) { return (uint64_t)get32(p) << 32 | get32(p + 4); }

static void put_state(uint8_t *out, const uint32_t state[8]) {
    for (int i = 0; i < 8; i++) put32(out + 4 * i, state[i]);
}

/* --- One message, in plain C ----------------------------------------------------------------- */

#define ROR(x, n) ((x) >> (n) | (x) << (32 - (n)))
/* The state turns instead of moving: in round i, `a` stands at (-i) mod 8, `b` after it. */
#define AT(n) s[((n) + 64 - i) & 7]

static void compress_portable(uint32_t state[8], const uint8_t *data, size_t blocks) {
    for (; blocks--; data += BLOCK) {
        uint32_t w[16], s[8];
        for (int i = 0; i < 16; i++) w[i] = get32(data + 4 * i);
        memcpy(s, state, sizeof s);
#pragma GCC unroll 64
        for (int i = 0; i < 64; i++) {
            if (i >= 16) {
                uint32_t x = w[(i + 1) & 15], y = w[(i + 14) & 15];
                w[i & 15] += w[(i + 9) & 15] + (ROR(x, 7) ^ ROR(x, 18) ^ x >> 3) +
                             (ROR(y, 17) ^ ROR(y, 19) ^ y >> 10);
            }
            uint32_t a = AT(0), b = AT(1), c = AT(2), e = AT(4);
            uint32_t t = AT(7) + (ROR(e, 6) ^ ROR(e, 11) ^ ROR(e, 25)) +
                         (AT(6) ^ (e & (AT(5) ^ AT(6)))) + K[i] + w[i & 15];
            uint32_t u = (ROR(a, 2) ^ ROR(a, 13) ^ ROR(a, 22)) + ((a & b) | (c & (a | b)));
            AT(3) += t, AT(7) = t + u;
        }
        for (int i = 0; i < 8; i++) state[i] += s[i];
    }
}

/* --- One or two messages, by the SHA instructions -------------------------------------------- */

#if X86
#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

/* `n` is 1 or 2 and known where this is inlined; two streams hide each other's latency. */
WITH_SHA INLINE void compress_shani_n(int n, uint32_t *state[], const uint8_t *data[], size_t blocks) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef[2], cdgh[2];
    for (int s = 0; s < n; s++) {
        __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state[s]), 0xb1);
        __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state[s] + 4)), 0x1b);
        abef[s] = _mm_alignr_epi8(low, high, 8);
        cdgh[s] = _mm_blend_epi16(high, low, 0xf0);
    }
    for (size_t b = 0; b < blocks; b++) {
        __m128i w[2][4], abef_in[2] = {abef[0], abef[n - 1]}, cdgh_in[2] = {cdgh[0], cdgh[n - 1]};
#pragma GCC unroll 16
        for (int g = 0; g < 16; g++) {
            const __m128i k = _mm_loadu_si128((const __m128i *)(K + 4 * g));
#pragma GCC unroll 2
            for (int s = 0; s < n; s++) {
                __m128i *m = w[s], last = m[(g + 3) & 3];
                if (g < 4) {
                    const __m128i *from = (const __m128i *)(data[s] + b * BLOCK + 16 * g);
                    m[g] = _mm_shuffle_epi8(_mm_loadu_si128(from), swap);
                } else {
                    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(m[g & 3], m[(g + 1) & 3]),
                                                _mm_alignr_epi8(last, m[(g + 2) & 3], 4));
                    m[g & 3] = _mm_sha256msg2_epu32(sum, last);
                }
                __m128i wk = _mm_add_epi32(m[g & 3], k);
                cdgh[s] = _mm_sha256rnds2_epu32(cdgh[s], abef[s], wk);
                abef[s] = _mm_sha256rnds2_epu32(abef[s], cdgh[s], _mm_shuffle_epi32(wk, 0x0e));
            }
        }
        for (int s = 0; s < n; s++) {
            abef[s] = _mm_add_epi32(abef[s], abef_in[s]);
            cdgh[s] = _mm_add_epi32(cdgh[s], cdgh_in[s]);
        }
    }
    for (int s = 0; s < n; s++) {
        __m128i low = _mm_shuffle_epi32(abef[s], 0x1b), high = _mm_shuffle_epi32(cdgh[s], 0xb1);
        _mm_storeu_si128((__m128i *)state[s], _mm_blend_epi16(low, high, 0xf0));
        _mm_storeu_si128((__m128i *)(state[s] + 4), _mm_alignr_epi8(high, low, 8));
    }
}

WITH_SHA static void compress_shani(uint32_t *state, const uint8_t *data, size_t blocks) {
    compress_shani_n(1, &state, &data, blocks);
}

WITH_SHA static void compress_shani_two(uint32_t state[2][8], const uint8_t *one,
                                        const uint8_t *other, size_t blocks) {
    uint32_t *states[2] = {state[0], state[1]};
    const uint8_t *data[2] = {one, other};
    compress_shani_n(2, states, data, blocks);
}

/* --- Sixteen messages, by AVX-512: lane i of each vector belongs to message i ---------------- */

#define WITH_AVX512 __attribute__((target("avx512f,avx512bw")))
#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define ADD(a, b) _mm512_add_epi32(a, b)
#define VROR(x, n) _mm512_ror_epi32(x, n)

/* Rows of sixteen words become columns. */
WITH_AVX512 INLINE void transpose(__m512i r[16]) {
    __m512i t[16];
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        __m512i a = _mm512_unpacklo_epi32(r[i], r[i + 1]), b = _mm512_unpackhi_epi32(r[i], r[i + 1]);
        __m512i c = _mm512_unpacklo_epi32(r[i + 2], r[i + 3]);
        __m512i d = _mm512_unpackhi_epi32(r[i + 2], r[i + 3]);
        t[i] = _mm512_unpacklo_epi64(a, c), t[i + 1] = _mm512_unpackhi_epi64(a, c);
        t[i + 2] = _mm512_unpacklo_epi64(b, d), t[i + 3] = _mm512_unpackhi_epi64(b, d);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        __m512i a = _mm512_shuffle_i32x4(t[i], t[i + 4], 0x88);
        __m512i b = _mm512_shuffle_i32x4(t[i], t[i + 4], 0xdd);
        __m512i c = _mm512_shuffle_i32x4(t[i + 8], t[i + 12], 0x88);
        __m512i d = _mm512_shuffle_i32x4(t[i + 8], t[i + 12], 0xdd);
        r[i] = _mm512_shuffle_i32x4(a, c, 0x88), r[i + 4] = _mm512_shuffle_i32x4(b, d, 0x88);
        r[i + 8] = _mm512_shuffle_i32x4(a, c, 0xdd), r[i + 12] = _mm512_shuffle_i32x4(b, d, 0xdd);
    }
}

/* Message i lies at data + i * blocks * BLOCK; its hash goes to out + i * HASH. */
WITH_AVX512 static void hash_sixteen(const uint8_t *data, size_t blocks, uint8_t *out) {
    const __m512i swap = _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203);
    __m512i state[8];
    for (int i = 0; i < 8; i++) state[i] = _mm512_set1_epi32((int)START[i]);
    for (size_t b = 0; b < blocks; b++) {
        __m512i w[16], s[8];
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++)
            w[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(data + (i * blocks + b) * BLOCK), swap);
        transpose(w);
        for (int i = 0; i < 8; i++) s[i] = state[i];
#pragma GCC unroll 64
        for (int i = 0; i < 64; i++) {
            if (i >= 16) {
                __m512i x = w[(i + 1) & 15], y = w[(i + 14) & 15];
                __m512i one = XOR3(VROR(x, 7), VROR(x, 18), _mm512_srli_epi32(x, 3));
                __m512i two = XOR3(VROR(y, 17), VROR(y, 19), _mm512_srli_epi32(y, 10));
                w[i & 15] = ADD(ADD(w[i & 15], w[(i + 9) & 15]), ADD(one, two));
            }
            __m512i a = AT(0), e = AT(4);
            __m512i t = ADD(ADD(AT(7), ADD(w[i & 15], _mm512_set1_epi32((int)K[i]))),
                            ADD(XOR3(VROR(e, 6), VROR(e, 11), VROR(e, 25)),
                                _mm512_ternarylogic_epi32(e, AT(5), AT(6), 0xca)));
            __m512i u = ADD(XOR3(VROR(a, 2), VROR(a, 13), VROR(a, 22)),
                            _mm512_ternarylogic_epi32(a, AT(1), AT(2), 0xe8));
            AT(3) = ADD(AT(3), t), AT(7) = ADD(t, u);
        }
        for (int i = 0; i < 8; i++) state[i] = ADD(state[i], s[i]);
    }
    __m512i rows[16] = {state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]};
    transpose(rows);
    for (int i = 0; i < LANES; i++) {
        __m256i hash = _mm512_castsi512_si256(_mm512_shuffle_epi8(rows[i], swap));
        _mm256_storeu_si256((__m256i *)(out + i * HASH), hash);
    }
}
#endif
