// The products. Each kernel is written once, for any tile; the drivers below instantiate it with constant sizes.

// Binary: xor and popcount. Ternary: where & (activation ^ sign), popcount. The window's words stand in runs, one for
// each row of taps. Sums stay in registers throughout.
INLINE void popcountTile(const Layer *l, int pixels, int panels, int ternary, int pixel, int panel, const uint8_t *w,
    float *out) {
    V sums[16];
    const uint8_t *window[6];
    UNROLLED
    for (int t = 0; t < pixels * panels; t++) sums[t] = zero();
    UNROLLED
    for (int p = 0; p < pixels; p++) window[p] = l->image + l->offsets[pixel + p];
    int planes = ternary ? 2 : 1;
    for (int ky = 0; ky < l->kernel; ky++) {
        size_t row = (size_t) ky * l->paddedWidth * l->pixelBytes;
        for (int from = 0; from < l->run; from += POPCOUNT_BLOCK) {
            int to = l->run - from < POPCOUNT_BLOCK ? l->run : from + POPCOUNT_BLOCK;
            V part[16];
            UNROLLED
            for (int t = 0; t < pixels * panels; t++) part[t] = POPCOUNT_BLOCK > 31 ? sums[t] : zero();
            for (int i = from; i < to; i++, w += panels * planes * VBYTES) {
                V sign[4], where[4];
                UNROLLED
                for (int q = 0; q < panels; q++) {
                    sign[q] = load(w + q * planes * VBYTES);
                    if (ternary) where[q] = load(w + (q * planes + 1) * VBYTES);
                }
                UNROLLED
                for (int p = 0; p < pixels; p++) {
                    V a = broadcast(window[p] + row + 4 * i);
                    UNROLLED
                    for (int q = 0; q < panels; q++) {
                        V bits = ternary ? differWhere(where[q], a, sign[q]) : differ(a, sign[q]);
                        part[p * panels + q] = addBits(part[p * panels + q], bits);
                    }
                }
            }
            UNROLLED
            for (int t = 0; t < pixels * panels; t++) sums[t] = widenBits(sums[t], part[t]);
        }
    }
    UNROLLED
    for (int p = 0; p < pixels; p++) {
        const int32_t *base = l->bases + (size_t) l->classOf[pixel + p] * l->panels * LANES;
        UNROLLED
        for (int q = 0; q < panels; q++) {
            int n = (panel + q) * LANES;
            finish(l, sub(load(base + n), doubled(sums[p * panels + q])), pixel + p, n, out);
        }
    }
}

// Codes of 2 bits, stored plus one, by signed bytes: a vector of weights holds 16 of each channel, and is taken apart
// once for all pixels of the tile.
INLINE void dotTile(const Layer *l, int pixels, int panels, int pixel, int panel, const uint8_t *w, float *out) {
    V sums[4 * 4 * FIELD_SUMS];
    const uint8_t *window[6];
    UNROLLED
    for (int t = 0; t < pixels * panels * FIELD_SUMS; t++) sums[t] = zero();
    UNROLLED
    for (int p = 0; p < pixels; p++) window[p] = l->image + l->offsets[pixel + p];
    for (int ky = 0; ky < l->kernel; ky++) {
        size_t row = (size_t) ky * l->paddedWidth * l->pixelBytes;
        for (int from = 0; from < l->run; from += DOT_BLOCK) {
            int to = l->run - from < DOT_BLOCK ? l->run : from + DOT_BLOCK;
            V part[4 * 4 * FIELD_SUMS];
            UNROLLED
            for (int t = 0; t < pixels * panels * FIELD_SUMS; t++) part[t] = DOT_BLOCK > 15 ? sums[t] : zero();
            for (int i = from; i < to; i++, w += panels * VBYTES) {
                UNROLLED
                for (int j = 0; j < 4; j++) {
                    V codes[4];
                    UNROLLED
                    for (int q = 0; q < panels; q++) codes[q] = field(load(w + q * VBYTES), j);
                    UNROLLED
                    for (int p = 0; p < pixels; p++) {
                        V a = broadcast(window[p] + row + 16 * i + 4 * j);
                        UNROLLED
                        for (int q = 0; q < panels; q++) {
                            V *sum = &part[(p * panels + q) * FIELD_SUMS + j % FIELD_SUMS];
                            *sum = dot(*sum, codes[q], a);
                        }
                    }
                }
            }
            UNROLLED
            for (int t = 0; t < pixels * panels * FIELD_SUMS; t++) sums[t] = widenDots(sums[t], part[t]);
        }
    }
    UNROLLED
    for (int p = 0; p < pixels; p++) {
        V shift = set(l->windowSums[pixel + p]);
        UNROLLED
        for (int q = 0; q < panels; q++) {
            V sum = joinFields(&sums[(p * panels + q) * FIELD_SUMS]);
            finish(l, sub(sum, shift), pixel + p, (panel + q) * LANES, out);
        }
    }
}

// Calls a tile for all panels and pixels: whole tiles first, then half of one, then what is left one by one. Weights
// of a group of panels stay in the cache while the pixels go by.
#define PIXELS_OF(TILE, TERNARY, PIXELS, PANELS)                                                                       \
    for (; pixel + (PIXELS) <= l->pixels; pixel += (PIXELS)) TILE((PIXELS), (PANELS), TERNARY)

#define DRIVE(NAME, TILE, TERNARY, PIXELS, PANELS)                                                                     \
    static void NAME(const Layer *l, float *out) {                                                                     \
        const uint8_t *w = l->packed;                                                                                  \
        for (int panel = 0, group; panel < l->panels; panel += group) {                                                \
            group = l->panels - panel >= (PANELS) ? (PANELS) : 1;                                                      \
            int pixel = 0;                                                                                             \
            if (group == (PANELS)) {                                                                                   \
                PIXELS_OF(TILE, TERNARY, PIXELS, PANELS);                                                              \
                PIXELS_OF(TILE, TERNARY, ((PIXELS) + 1) / 2, PANELS);                                                  \
                PIXELS_OF(TILE, TERNARY, 1, PANELS);                                                                   \
            } else {                                                                                                   \
                PIXELS_OF(TILE, TERNARY, PIXELS, 1);                                                                   \
                PIXELS_OF(TILE, TERNARY, ((PIXELS) + 1) / 2, 1);                                                       \
                PIXELS_OF(TILE, TERNARY, 1, 1);                                                                        \
            }                                                                                                          \
            w += (size_t) group * l->kernel * l->run * ((TERNARY) ? 2 : 1) * VBYTES;                                   \
        }                                                                                                              \
    }

#define POPCOUNT_TILE(PIXELS, PANELS, TERNARY) popcountTile(l, PIXELS, PANELS, TERNARY, pixel, panel, w, out)
#define DOT_TILE(PIXELS, PANELS, UNUSED) dotTile(l, PIXELS, PANELS, pixel, panel, w, out)

DRIVE(binaryManyPixels, POPCOUNT_TILE, 0, POPCOUNT_PIXELS, POPCOUNT_PANELS)
DRIVE(ternaryManyPixels, POPCOUNT_TILE, 1, POPCOUNT_PIXELS, POPCOUNT_PANELS)
DRIVE(binaryOnePixel, POPCOUNT_TILE, 0, 1, 4)
DRIVE(ternaryOnePixel, POPCOUNT_TILE, 1, 1, 4)
DRIVE(dotManyPixels, DOT_TILE, 0, DOT_PIXELS, DOT_PANELS)
DRIVE(dotOnePixel, DOT_TILE, 0, 1, 4)

// One window of one channel a lane, 16 bits wide, which hold 9 products of 8 bits by -1, 0, 1.
static void depthwise(const Layer *l, float *out) {
    int c = roundUp(l->channels, SHORTS);
    for (int pixel = 0; pixel < l->pixels; pixel++) {
        const uint8_t *window = l->image + l->offsets[pixel];
        for (int n = 0; n < l->channels; n += SHORTS) {
            V sum = zero();
            const int16_t *w = (const int16_t *) l->packed + n;
            for (int ky = 0; ky < l->kernel; ky++) {
                const uint8_t *row = window + (size_t) ky * l->paddedWidth * l->pixelBytes + 2 * n;
                for (int kx = 0; kx < l->kernel; kx++, row += l->pixelBytes, w += c) {
                    sum = shortProduct(sum, loadUnaligned(row), load(w));
                }
            }
            finish(l, widenLow(sum), pixel, n, out);
            if (n + LANES < l->channels) finish(l, widenHigh(sum), pixel, n + LANES, out);
        }
    }
}

#ifdef __AVX512VBMI__

// One row by look-up: three ternary or six binary weights are an index into the 64 sums that their inputs can make,
// and one permutation looks 64 channels up. Bytes hold so many sums before they are widened.
#define TABLE_INPUTS(l) ((l)->weights == TERNARY ? 3 : 6)
#define TABLE_SHIFT(l) (7 * TABLE_INPUTS(l))
#define TABLE_ADDS(l) ((l)->weights == TERNARY ? 6 : 3)

// Panels that go through the tables side by side: the more, the less often the tables are read, which the indices
// that stream by push out of the first-level cache.
INLINE int tableSide(int left) {
    return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

INLINE void tableFill(Layer *l, int groups, int inputs) {
    const int32_t *a = l->spread;
    __mmask64 plus[6], negative[6];
    UNROLLED
    for (int i = 0; i < inputs; i++) {
        plus[i] = l->plus[i];
        negative[i] = l->negative[i];
    }
    __m512i shift = _mm512_set1_epi8((char) (7 * inputs));
    for (int g = 0; g < groups; g++, a += inputs) {
        __m512i t = shift;
        UNROLLED
        for (int i = 0; i < inputs; i++) {
            __m512i code = _mm512_set1_epi32(a[i]);
            t = _mm512_mask_add_epi8(t, plus[i], t, code);
            if (inputs == 3) t = _mm512_mask_sub_epi8(t, negative[i], t, code);
        }
        _mm512_store_si512(l->table + 64 * (size_t) g, t);
    }
}

INLINE void tablePanels(const Layer *l, int panels, int adds, int panel, int groups, V total, float *out) {
    __m512i even[8], odd[8];
    const uint8_t *w = l->packed + (size_t) panel * groups * 64;
    __m512i low = _mm512_set1_epi16(255);
    UNROLLED
    for (int q = 0; q < panels; q++) even[q] = odd[q] = zero();
    for (int g = 0; g < groups; g += adds) {
        __m512i part[8];
        UNROLLED
        for (int i = 0; i < adds; i++) {
            __m512i t = load(l->table + 64 * (size_t) (g + i));
            UNROLLED
            for (int q = 0; q < panels; q++) {
                __m512i sum = _mm512_permutexvar_epi8(load(w + ((size_t) (g + i) * panels + q) * 64), t);
                part[q] = i == 0 ? sum : _mm512_add_epi8(part[q], sum);
            }
        }
        UNROLLED
        for (int q = 0; q < panels; q++) {
            even[q] = _mm512_add_epi16(even[q], _mm512_and_si512(part[q], low));
            odd[q] = _mm512_add_epi16(odd[q], _mm512_srli_epi16(part[q], 8));
        }
    }
    // Bytes alternate between even and odd; channels are stored so that the halves come out in order: even, odd.
    UNROLLED
    for (int q = 0; q < panels; q++) {
        __m512i quarters[4] = {
            _mm512_cvtepu16_epi32(_mm512_castsi512_si256(even[q])),
            _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(even[q], 1)),
            _mm512_cvtepu16_epi32(_mm512_castsi512_si256(odd[q])),
            _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(odd[q], 1))};
        UNROLLED
        for (int i = 0; i < 4; i++) {
            int n = (panel + q) * 64 + 16 * i;
            V sum = sub(quarters[i], set(groups * TABLE_SHIFT(l)));
            if (l->weights == BINARY) sum = sub(doubled(sum), total);
            if (n < l->outputs) finish(l, sum, 0, n, out);
        }
    }
}

INLINE void tableProduct(Layer *l, int inputs, int adds, float *out) {
    int groups = roundUp((l->channels + inputs - 1) / inputs, adds);
    const int8_t *a = (const int8_t *) l->image;
    for (int i = 0; i < l->channels; i += 16) {
        __m512i wide = _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *) (a + i)));
        _mm512_store_si512(l->spread + i, _mm512_mullo_epi32(wide, _mm512_set1_epi32(0x01010101)));
    }
    tableFill(l, groups, inputs);
    V total = set(l->pixelSums[0]);
    int panels = roundUp(l->outputs, 64) / 64;
    for (int panel = 0, side; panel < panels; panel += side) {
        side = tableSide(panels - panel);
        switch (side) {
            case 8: tablePanels(l, 8, adds, panel, groups, total, out); break;
            case 4: tablePanels(l, 4, adds, panel, groups, total, out); break;
            case 2: tablePanels(l, 2, adds, panel, groups, total, out); break;
            default: tablePanels(l, 1, adds, panel, groups, total, out);
        }
    }
}

static void lookUp(Layer *l, float *out) {
    if (l->weights == TERNARY) tableProduct(l, 3, 6, out);
    else tableProduct(l, 6, 3, out);
}

#elif !defined(__AVX512VPOPCNTDQ__)

// Codes of few bits by look-up: two ternary or four binary weights are an index into the 16 sums that their inputs can
// make, two of them in a byte, and one shuffle looks 32 channels up. A pixel of the image is its tables.

INLINE V tableOf(const uint8_t *t) { return _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *) t)); }

INLINE void tableTile(const Layer *l, int pixels, int panels, int pixel, int panel, const uint8_t *w, float *out) {
    V even[4][4], odd[4][4], half = _mm256_set1_epi8(15), low = _mm256_set1_epi16(255);
    const uint8_t *window[4];
    UNROLLED
    for (int p = 0; p < pixels; p++) {
        window[p] = l->image + l->offsets[pixel + p];
        UNROLLED
        for (int q = 0; q < panels; q++) even[p][q] = odd[p][q] = zero();
    }
    for (int ky = 0; ky < l->kernel; ky++) {
        size_t row = (size_t) ky * l->paddedWidth * l->pixelBytes;
        for (int from = 0; from < l->run; from += l->tableAdds) {
            int to = l->run - from < l->tableAdds ? l->run : from + l->tableAdds;
            V part[4][4];
            UNROLLED
            for (int p = 0; p < pixels; p++) {
                UNROLLED
                for (int q = 0; q < panels; q++) part[p][q] = zero();
            }
            for (int i = from; i < to; i++, w += panels * 32) {
                V first[4], second[4];
                UNROLLED
                for (int q = 0; q < panels; q++) {
                    V both = load(w + 32 * q);
                    first[q] = _mm256_and_si256(both, half);
                    second[q] = _mm256_and_si256(_mm256_srli_epi16(both, 4), half);
                }
                UNROLLED
                for (int p = 0; p < pixels; p++) {
                    V a = tableOf(window[p] + row + 32 * i), b = tableOf(window[p] + row + 32 * i + 16);
                    UNROLLED
                    for (int q = 0; q < panels; q++) {
                        V sum = _mm256_add_epi8(_mm256_shuffle_epi8(a, first[q]), _mm256_shuffle_epi8(b, second[q]));
                        part[p][q] = _mm256_add_epi8(part[p][q], sum);
                    }
                }
            }
            UNROLLED
            for (int p = 0; p < pixels; p++) {
                UNROLLED
                for (int q = 0; q < panels; q++) {
                    even[p][q] = _mm256_add_epi16(even[p][q], _mm256_and_si256(part[p][q], low));
                    odd[p][q] = _mm256_add_epi16(odd[p][q], _mm256_srli_epi16(part[p][q], 8));
                }
            }
        }
    }
    V shift = set(2 * l->kernel * l->run * l->tableShift);
    for (int p = 0; p < pixels; p++) {
        for (int q = 0; q < panels; q++) {
            V halves[2] = {even[p][q], odd[p][q]};
            for (int h = 0; h < 2; h++) {
                int n = (panel + q) * 32 + 16 * h;
                V first = _mm256_cvtepu16_epi32(_mm256_castsi256_si128(halves[h]));
                V second = _mm256_cvtepu16_epi32(_mm256_extracti128_si256(halves[h], 1));
                if (n < l->outputs) finish(l, sub(first, shift), pixel + p, n, out);
                if (n + 8 < l->outputs) finish(l, sub(second, shift), pixel + p, n + 8, out);
            }
        }
    }
}

static void lookUp(Layer *l, float *out) {
    int many = l->pixels >= 4, panels = roundUp(l->outputs, 32) / 32;
    const uint8_t *w = l->packed;
    for (int panel = 0, side; panel < panels; w += (size_t) side * l->kernel * l->run * 32, panel += side) {
        side = panels - panel >= l->tilePanels ? l->tilePanels : 1;
        int pixel = 0;
        if (side == 2) {
            for (; pixel + 4 <= l->pixels; pixel += 4) tableTile(l, 4, 2, pixel, panel, w, out);
            for (; pixel < l->pixels; pixel++) tableTile(l, 1, 2, pixel, panel, w, out);
        } else if (side == 1 && many) {
            for (; pixel + 4 <= l->pixels; pixel += 4) tableTile(l, 4, 1, pixel, panel, w, out);
        }
        for (; pixel < l->pixels; pixel++) {
            if (side == 4) tableTile(l, 1, 4, pixel, panel, w, out);
            else tableTile(l, 1, 1, pixel, panel, w, out);
        }
    }
}

#endif
