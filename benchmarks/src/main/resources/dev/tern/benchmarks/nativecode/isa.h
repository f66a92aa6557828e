// The vectors of one instruction set, under one set of names. Lanes are 32 bits wide, one output channel each.
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 16")

#ifdef __AVX512VPOPCNTDQ__

#define LANES 16
#define VBYTES 64
typedef __m512i V;
typedef __m512 F;
typedef __mmask16 Mask;

INLINE V zero(void) { return _mm512_setzero_si512(); }
INLINE V load(const void *p) { return _mm512_load_si512(p); }
INLINE V broadcast(const void *p) { int32_t x; memcpy(&x, p, 4); return _mm512_set1_epi32(x); }
INLINE V set(int x) { return _mm512_set1_epi32(x); }
INLINE V add(V a, V b) { return _mm512_add_epi32(a, b); }
INLINE V sub(V a, V b) { return _mm512_sub_epi32(a, b); }
INLINE V doubled(V a) { return _mm512_slli_epi32(a, 1); }
INLINE V differ(V a, V b) { return _mm512_xor_si512(a, b); }
// where & (a ^ b), one instruction
INLINE V differWhere(V where, V a, V b) { return _mm512_ternarylogic_epi32(where, a, b, 0x60); }
INLINE F real(V a) { return _mm512_cvtepi32_ps(a); }
INLINE F times(F a, F b) { return _mm512_mul_ps(a, b); }
INLINE F splat(float x) { return _mm512_set1_ps(x); }
INLINE F loadReal(const float *p) { return _mm512_loadu_ps(p); }
INLINE F loadSome(const float *p, int n) { return _mm512_maskz_loadu_ps((Mask) ((1u << n) - 1), p); }
INLINE void store(float *p, F a) { _mm512_storeu_ps(p, a); }
INLINE void storeSome(float *p, F a, int n) { _mm512_mask_storeu_ps(p, (Mask) ((1u << n) - 1), a); }
INLINE F magnitude(F a) { return _mm512_abs_ps(a); }
INLINE F greater(F a, F b) { return _mm512_max_ps(a, b); }
INLINE float greatest(F a) { return _mm512_reduce_max_ps(a); }
INLINE unsigned notNegative(F a) { return _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_GE_OQ); }
// +1 where a > b, else -1; the other way round where flip is -1
INLINE F signAbove(V a, V b, V flip) {
    F one = _mm512_set1_ps(1.0f);
    Mask above = _mm512_cmpgt_epi32_mask(a, b) ^ _mm512_movepi32_mask(flip);
    return _mm512_mask_blend_ps(above, _mm512_set1_ps(-1.0f), one);
}
INLINE F quotient(F a, F b) { return _mm512_div_ps(a, b); }
INLINE V nearest(F a) { return _mm512_cvtps_epi32(a); }
INLINE int anyAbove(F a, float limit) {
    return _mm512_cmp_ps_mask(_mm512_abs_ps(a), _mm512_set1_ps(limit), _CMP_GT_OQ);
}
INLINE F minus(F a, F b) { return _mm512_sub_ps(a, b); }
INLINE V clamp(V a, int lo, int hi) { return _mm512_min_epi32(_mm512_max_epi32(a, set(lo)), set(hi)); }
INLINE int total(V a) { return _mm512_reduce_add_epi32(a); }
INLINE void storeBytes(int8_t *p, V a) { _mm_storeu_si128((__m128i *) p, _mm512_cvtepi32_epi8(a)); }
INLINE void storeShorts(int16_t *p, V a) { _mm256_storeu_si256((__m256i *) p, _mm512_cvtepi32_epi16(a)); }

// Popcounts go straight into 32-bit sums.
#define POPCOUNT_BLOCK (1 << 30)
INLINE V addBits(V sum, V bits) { return _mm512_add_epi32(sum, _mm512_popcnt_epi32(bits)); }
INLINE V widenBits(V sums, V part) { (void) sums; return part; }

// 16 products of 2-bit and 8-bit codes a lane. The 2-bit fields stay where they are in their bytes, so that field j
// counts 4^j-fold in a sum of its own; that saves the shifts.
#define FIELD_SUMS 4
INLINE V field(V w, int j) { return _mm512_and_si512(w, _mm512_set1_epi8((char) (3 << 2 * j))); }
INLINE V dot(V sum, V unsignedCodes, V signedCodes) { return _mm512_dpbusd_epi32(sum, unsignedCodes, signedCodes); }
#define DOT_BLOCK (1 << 30)
INLINE V widenDots(V sums, V part) { (void) sums; return part; }
INLINE V joinFields(const V *sums) {
    return add(add(sums[0], _mm512_srai_epi32(sums[1], 2)),
        add(_mm512_srai_epi32(sums[2], 4), _mm512_srai_epi32(sums[3], 6)));
}

// 16-bit multiply and add, for depthwise layers.
#define SHORTS 32
INLINE V shortProduct(V sum, V a, V b) { return _mm512_add_epi16(sum, _mm512_mullo_epi16(a, b)); }
INLINE V loadUnaligned(const void *p) { return _mm512_loadu_si512(p); }
INLINE V widenLow(V a) { return _mm512_cvtepi16_epi32(_mm512_castsi512_si256(a)); }
INLINE V widenHigh(V a) { return _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(a, 1)); }

// Register tiles, pixels by panels: a wide one for many pixels, a flat one for few.
#define POPCOUNT_PIXELS 4
#define POPCOUNT_PANELS 4
#define DOT_PIXELS 6
#define DOT_PANELS 1

#else

#define LANES 8
#define VBYTES 32
typedef __m256i V;
typedef __m256 F;

INLINE V zero(void) { return _mm256_setzero_si256(); }
INLINE V load(const void *p) { return _mm256_load_si256(p); }
INLINE V broadcast(const void *p) { int32_t x; memcpy(&x, p, 4); return _mm256_set1_epi32(x); }
INLINE V set(int x) { return _mm256_set1_epi32(x); }
INLINE V add(V a, V b) { return _mm256_add_epi32(a, b); }
INLINE V sub(V a, V b) { return _mm256_sub_epi32(a, b); }
INLINE V doubled(V a) { return _mm256_slli_epi32(a, 1); }
INLINE V differ(V a, V b) { return _mm256_xor_si256(a, b); }
INLINE V differWhere(V where, V a, V b) { return _mm256_and_si256(where, _mm256_xor_si256(a, b)); }
INLINE F real(V a) { return _mm256_cvtepi32_ps(a); }
INLINE F times(F a, F b) { return _mm256_mul_ps(a, b); }
INLINE F splat(float x) { return _mm256_set1_ps(x); }
INLINE F loadReal(const float *p) { return _mm256_loadu_ps(p); }
INLINE V someLanes(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
INLINE F loadSome(const float *p, int n) { return _mm256_maskload_ps(p, someLanes(n)); }
INLINE void store(float *p, F a) { _mm256_storeu_ps(p, a); }
INLINE void storeSome(float *p, F a, int n) { _mm256_maskstore_ps(p, someLanes(n), a); }
INLINE F magnitude(F a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
INLINE F greater(F a, F b) { return _mm256_max_ps(a, b); }
INLINE float greatest(F a) {
    float m[LANES];
    store(m, a);
    for (int i = 1; i < LANES; i++) m[0] = m[i] > m[0] ? m[i] : m[0];
    return m[0];
}
INLINE unsigned notNegative(F a) { return _mm256_movemask_ps(_mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_GE_OQ)); }
INLINE F signAbove(V a, V b, V flip) {
    V above = _mm256_xor_si256(_mm256_cmpgt_epi32(a, b), flip);
    return _mm256_blendv_ps(_mm256_set1_ps(-1.0f), _mm256_set1_ps(1.0f), _mm256_castsi256_ps(above));
}
INLINE F quotient(F a, F b) { return _mm256_div_ps(a, b); }
INLINE V nearest(F a) { return _mm256_cvtps_epi32(a); }
INLINE int anyAbove(F a, float limit) {
    return _mm256_movemask_ps(_mm256_cmp_ps(magnitude(a), _mm256_set1_ps(limit), _CMP_GT_OQ));
}
INLINE F minus(F a, F b) { return _mm256_sub_ps(a, b); }
INLINE V clamp(V a, int lo, int hi) { return _mm256_min_epi32(_mm256_max_epi32(a, set(lo)), set(hi)); }
INLINE int total(V a) {
    int32_t m[LANES];
    _mm256_storeu_si256((V *) m, a);
    for (int i = 1; i < LANES; i++) m[0] += m[i];
    return m[0];
}
INLINE void storeBytes(int8_t *p, V a) {
    __m128i shorts = _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    _mm_storel_epi64((__m128i *) p, _mm_packs_epi16(shorts, shorts));
}
INLINE void storeShorts(int16_t *p, V a) {
    _mm_storeu_si128((__m128i *) p, _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1)));
}

// Popcounts by table look-up of half bytes, added in bytes for as long as those hold them: 31 times 8.
#define POPCOUNT_BLOCK 31
INLINE V addBits(V sum, V bits) {
    V counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2,
        3, 3, 4);
    V half = _mm256_set1_epi8(15);
    V low = _mm256_shuffle_epi8(counts, _mm256_and_si256(bits, half));
    V high = _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(bits, 4), half));
    return _mm256_add_epi8(sum, _mm256_add_epi8(low, high));
}
INLINE V widenBits(V sums, V part) {
    V pairs = _mm256_maddubs_epi16(part, _mm256_set1_epi8(1));
    return add(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

// Products are added in 16 bits for as long as those hold them: 15 vectors of weights, 4 products of up to 512 each.
#define FIELD_SUMS 1
INLINE V field(V w, int j) { return _mm256_and_si256(_mm256_srli_epi16(w, 2 * j), _mm256_set1_epi8(3)); }
INLINE V dot(V part, V unsignedCodes, V signedCodes) {
    return _mm256_add_epi16(part, _mm256_maddubs_epi16(unsignedCodes, signedCodes));
}
#define DOT_BLOCK 15
INLINE V widenDots(V sums, V part) { return add(sums, _mm256_madd_epi16(part, _mm256_set1_epi16(1))); }
INLINE V joinFields(const V *sums) { return sums[0]; }

#define SHORTS 16
INLINE V shortProduct(V sum, V a, V b) { return _mm256_add_epi16(sum, _mm256_mullo_epi16(a, b)); }
INLINE V loadUnaligned(const void *p) { return _mm256_loadu_si256(p); }
INLINE V widenLow(V a) { return _mm256_cvtepi16_epi32(_mm256_castsi256_si128(a)); }
INLINE V widenHigh(V a) { return _mm256_cvtepi16_epi32(_mm256_extracti128_si256(a, 1)); }

#define POPCOUNT_PIXELS 2
#define POPCOUNT_PANELS 4
#define DOT_PIXELS 4
#define DOT_PANELS 2

#endif
