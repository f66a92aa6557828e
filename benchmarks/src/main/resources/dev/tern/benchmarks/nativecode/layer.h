// One layer with its packed weights, and the steps that all kernels share: quantizing, packing, the epilogue.

enum Weights { BINARY = 1, TERNARY = 2 };
enum Activations { SIGN = 0, DYNAMIC = 1, STATIC = 2 };
enum Kernel { POPCOUNT, DOT, TABLE, DEPTHWISE };

typedef struct {
    // As the caller says it. A dense layer is a 1x1 convolution over as many pixels as it has rows.
    int weights, activations, bits, height, width, channels, outputs, kernel, depthwise, signs;
    float staticScale;
    int staticZero;
    // Derived.
    int pixels, margin, paddedWidth, paddedPixels, panels, classes;
    int pixelBytes;              // of a packed input pixel
    int run;                     // of a row of taps: 32-bit words for POPCOUNT, vectors of 2-bit codes for DOT
    enum Kernel path;
    int tilePixels, tilePanels;
    int32_t *offsets;            // per output pixel: bytes from the image's start to the window's
    int32_t *sources;            // per input pixel: bytes from the image's start
    uint8_t *classOf;            // per output pixel: which of the bases
    uint8_t *image;              // packed input, with the margin around it
    uint8_t *packed;             // weights: [group of panels][word][panel in the group][plane][lane]
    int32_t *bases;              // [class][output]
    int32_t *pixelSums;          // per padded input pixel, of its codes
    int32_t *windowSums;         // per output pixel
    int tableAdds, tableShift;   // TABLE of 256 bits: bytes of indices whose sums a byte holds; what an entry 0 is
    int8_t *codesOfPixel;        // TABLE of 256 bits: where codes wait to become tables
    int32_t *spread;             // TABLE: each code in all bytes of a word
    int8_t *table;               // TABLE: [group of inputs][64]
    uint64_t plus[6], negative[6]; // TABLE: per input of a group, the entries to which it is added, from which taken
    float *scales, *factors;     // per output; the factors hold the activations' scale as well
    int32_t *thresholds, *flips; // per output, where signs are asked for
} Layer;

INLINE void *aligned(size_t bytes) {
    size_t whole = (bytes + 255) / 64 * 64;
    void *p = aligned_alloc(64, whole);
    memset(p, 0, whole);
    return p;
}

INLINE int roundUp(int n, int to) { return (n + to - 1) / to * to; }

// ---- quantize and pack -------------------------------------------------------------------------------------------

// 32 channels in a word, a set bit for +1. The bits behind the last channel stay 0 here and in the weights.
static void packSigns(Layer *l, const float *in) {
    int c = l->channels;
    for (int p = 0; p < l->height * l->width; p++, in += c) {
        uint32_t *out = (uint32_t *) (l->image + l->sources[p]);
        int i = 0;
        for (; i + 32 <= c; i += 32) {
            uint32_t word = 0;
            UNROLLED
            for (int j = 0; j < 32; j += LANES) word |= notNegative(loadReal(in + i + j)) << j;
            *out++ = word;
        }
        if (i < c) {
            uint32_t word = 0;
            for (int j = 0; i + j < c; j += LANES) {
                int n = c - i - j < LANES ? c - i - j : LANES;
                word |= (notNegative(loadSome(in + i + j, n)) & ((1u << n) - 1)) << j;
            }
            *out = word;
        }
    }
}

static float magnitudes(const float *in, int n) {
    F m[4] = {splat(0), splat(0), splat(0), splat(0)};
    int i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
        UNROLLED
        for (int j = 0; j < 4; j++) m[j] = greater(m[j], magnitude(loadReal(in + i + j * LANES)));
    }
    for (; i < n; i += LANES) m[0] = greater(m[0], magnitude(loadSome(in + i, n - i < LANES ? n - i : LANES)));
    return greatest(greater(greater(m[0], m[1]), greater(m[2], m[3])));
}

// rint(x / s). The product with 1 / s is another number than the quotient only in its last bits, which matters only
// close to a tie: there it is divided.
INLINE V codes(F x, F scale, F inverse) {
    F product = times(x, inverse);
    V q = nearest(product);
    if (__builtin_expect(anyAbove(minus(product, real(q)), 0.4998f), 0)) q = nearest(quotient(x, scale));
    return q;
}

// Signed codes, less their zero point: bytes for the dot products, 16 bits for depthwise layers. Only a static grid can
// be left by an input: a dynamic one is as wide as the greatest.
INLINE void packPixels(Layer *l, const float *in, float scale, int isStatic, int shorts) {
    int c = l->channels, lo = -l->staticZero, hi = (1 << l->bits) - 1 - l->staticZero;
    F s = splat(scale), inverse = splat(1.0f / scale);
    for (int p = 0; p < l->height * l->width; p++, in += c) {
        uint8_t *out = l->image + l->sources[p];
        V sum = zero();
        for (int i = 0; i < c; i += LANES) {
            V q = codes(i + LANES <= c ? loadReal(in + i) : loadSome(in + i, c - i), s, inverse);
            if (isStatic) q = clamp(q, lo, hi);
            if (shorts) {
                storeShorts((int16_t *) out + i, q);
            } else {
                sum = add(sum, q);
                storeBytes((int8_t *) out + i, q);
            }
        }
        if (!shorts) l->pixelSums[l->sources[p] / l->pixelBytes] = total(sum);
    }
}

#ifndef __AVX512VPOPCNTDQ__
#define TABLE_INPUTS(l) ((l)->weights == TERNARY ? 2 : 4)

// The sums that two ternary or four binary weights can make of their inputs, each plus the shift.
INLINE __m128i tableOfCodes(const int8_t *a, int ternary, int shift) {
    __m128i t = _mm_set1_epi8((char) shift);
    if (ternary) {
        t = _mm_add_epi8(t, _mm_sign_epi8(_mm_set1_epi8(a[0]),
            _mm_setr_epi8(-1, 0, 1, -1, 0, 1, -1, 0, 1, 0, 0, 0, 0, 0, 0, 0)));
        return _mm_add_epi8(t, _mm_sign_epi8(_mm_set1_epi8(a[1]),
            _mm_setr_epi8(-1, -1, -1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)));
    }
    t = _mm_add_epi8(t, _mm_sign_epi8(_mm_set1_epi8(a[0]),
        _mm_setr_epi8(-1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1)));
    t = _mm_add_epi8(t, _mm_sign_epi8(_mm_set1_epi8(a[1]),
        _mm_setr_epi8(-1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1)));
    t = _mm_add_epi8(t, _mm_sign_epi8(_mm_set1_epi8(a[2]),
        _mm_setr_epi8(-1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1)));
    return _mm_add_epi8(t, _mm_sign_epi8(_mm_set1_epi8(a[3]),
        _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1)));
}

INLINE void tablePixels(Layer *l, const float *in, float scale, int isStatic, int ternary) {
    int c = l->channels, lo = -l->staticZero, hi = (1 << l->bits) - 1 - l->staticZero, inputs = ternary ? 2 : 4;
    F s = splat(scale), inverse = splat(1.0f / scale);
    for (int p = 0; p < l->height * l->width; p++, in += c) {
        for (int i = 0; i < c; i += LANES) {
            V q = codes(i + LANES <= c ? loadReal(in + i) : loadSome(in + i, c - i), s, inverse);
            if (isStatic) q = clamp(q, lo, hi);
            storeBytes(l->codesOfPixel + i, q);
        }
        __m128i *out = (__m128i *) (l->image + l->sources[p]);
        for (int i = 0; i < c; i += inputs) *out++ = tableOfCodes(l->codesOfPixel + i, ternary, l->tableShift);
    }
}

static void packTables(Layer *l, const float *in, float scale, int isStatic) {
    if (l->weights == TERNARY) tablePixels(l, in, scale, isStatic, 1);
    else tablePixels(l, in, scale, isStatic, 0);
}
#endif

static float packCodes(Layer *l, const float *in) {
#ifndef __AVX512VPOPCNTDQ__
    if (l->path == TABLE) {
        float m = l->activations == STATIC ? 0 : magnitudes(in, l->height * l->width * l->channels);
        float scale = l->activations == STATIC ? l->staticScale
            : (m > 1e-5f ? m : 1e-5f) / ((1 << (l->bits - 1)) - 1);
        packTables(l, in, scale, l->activations == STATIC);
        return scale;
    }
#endif
    if (l->activations == STATIC) {
        if (l->depthwise) packPixels(l, in, l->staticScale, 1, 1);
        else packPixels(l, in, l->staticScale, 1, 0);
        return l->staticScale;
    }
    float m = magnitudes(in, l->height * l->width * l->channels);
    float scale = (m > 1e-5f ? m : 1e-5f) / ((1 << (l->bits - 1)) - 1);
    if (l->depthwise) packPixels(l, in, scale, 0, 1);
    else packPixels(l, in, scale, 0, 0);
    return scale;
}

// ---- epilogue ----------------------------------------------------------------------------------------------------

// One panel of one pixel: to reals by the factor of each channel, or to signs by its threshold.
INLINE void finish(const Layer *l, V sum, int pixel, int channel, float *out) {
    F y = l->signs ? signAbove(sum, load(l->thresholds + channel), load(l->flips + channel))
                   : times(loadReal(l->factors + channel), real(sum));
    float *to = out + (size_t) pixel * l->outputs + channel;
    if (channel + LANES <= l->outputs) store(to, y);
    else storeSome(to, y, l->outputs - channel);
}

static void scaleFactors(Layer *l, float activationScale) {
    F s = splat(activationScale);
    for (int n = 0; n < l->panels * LANES; n += LANES) store(l->factors + n, times(s, loadReal(l->scales + n)));
}
