// Layers as a native library would compute them: float input, quantized and packed, multiplied, scaled, float output.
#include "isa.h"
#include "layer.h"
#include "kernels.h"

static void place(Layer *l) {
    int m = l->margin = l->kernel / 2;
    l->paddedWidth = l->width + 2 * m;
    l->paddedPixels = (l->height + 2 * m) * l->paddedWidth;
    l->pixels = l->height * l->width;
    l->offsets = aligned(4 * l->pixels);
    l->sources = aligned(4 * l->pixels);
    for (int y = 0, p = 0; y < l->height; y++) {
        for (int x = 0; x < l->width; x++, p++) {
            l->offsets[p] = (y * l->paddedWidth + x) * l->pixelBytes;
            l->sources[p] = ((y + m) * l->paddedWidth + x + m) * l->pixelBytes;
        }
    }
    l->image = aligned((size_t) l->paddedPixels * l->pixelBytes + 64);
    l->pixelSums = aligned(4 * l->paddedPixels);
    l->windowSums = aligned(4 * l->pixels);
    l->classOf = aligned(l->pixels);
}

static int inside(const Layer *l, int y, int x) {
    return y >= 0 && y < l->height && x >= 0 && x < l->width;
}

// A tap in the margin meets a 0 bit, which the kernels take for -1. The base of a pixel holds what makes it 0 again:
// the taps' codes inside, and twice the +1 outside, which the popcount took away.
static void makeBases(Layer *l, const int8_t *codes) {
    int k = l->kernel, m = l->margin, c = l->channels, lanes = l->panels * LANES;
    int first[256];
    for (int p = 0; p < l->pixels; p++) {
        int y = p / l->width, x = p % l->width, found = 0;
        for (; found < l->classes; found++) {
            int fy = first[found] / l->width, fx = first[found] % l->width, same = 1;
            for (int t = -m; t <= m; t++) {
                same &= inside(l, y + t, x) == inside(l, fy + t, fx) && inside(l, y, x + t) == inside(l, fy, fx + t);
            }
            if (same) break;
        }
        if (found == l->classes) first[l->classes++] = p;
        l->classOf[p] = found;
    }
    l->bases = aligned((size_t) 4 * l->classes * lanes);
    for (int f = 0; f < l->classes; f++) {
        for (int n = 0; n < l->outputs; n++) {
            int base = 0;
            for (int t = 0; t < k * k; t++) {
                int in = inside(l, first[f] / l->width + t / k - m, first[f] % l->width + t % k - m);
                for (int i = 0; i < c; i++) {
                    int w = codes[((size_t) n * k * k + t) * c + i];
                    base += in ? w != 0 : 2 * (w > 0);
                }
            }
            l->bases[(size_t) f * lanes + n] = base;
        }
    }
}

// Where a word of a panel is: panels stand in groups as the tiles take them.
static uint8_t *wordOf(const Layer *l, int panel, int word, int words, int planes) {
    int whole = l->panels / l->tilePanels * l->tilePanels;
    int group = panel < whole ? l->tilePanels : 1;
    int start = panel < whole ? panel / group * group : panel;
    size_t at = (size_t) start * words + (size_t) word * group + (panel - start);
    return l->packed + at * planes * VBYTES;
}

static void packBits(Layer *l, const int8_t *codes) {
    int k = l->kernel, c = l->channels, perPixel = l->pixelBytes / 4;
    int words = k * l->run, planes = l->weights == TERNARY ? 2 : 1;
    l->packed = aligned((size_t) l->panels * words * planes * VBYTES);
    for (int n = 0; n < l->outputs; n++) {
        for (int t = 0; t < k * k; t++) {
            for (int i = 0; i < c; i++) {
                int w = codes[((size_t) n * k * k + t) * c + i];
                uint32_t *at = (uint32_t *) wordOf(l, n / LANES, t * perPixel + i / 32, words, planes) + n % LANES;
                at[0] |= (uint32_t) (w > 0) << i % 32;
                if (planes == 2) at[LANES] |= (uint32_t) (w != 0) << i % 32;
            }
        }
    }
}

static void packFields(Layer *l, const int8_t *codes) {
    int k = l->kernel, c = l->channels, words = k * l->run;
    l->packed = aligned((size_t) l->panels * words * VBYTES);
    for (int n = 0; n < l->outputs; n++) {
        for (int t = 0; t < k * k; t++) {
            for (int i = 0; i < c; i++) {
                int w = codes[((size_t) n * k * k + t) * c + i];
                int at = t * l->pixelBytes + i;
                uint8_t *vector = wordOf(l, n / LANES, at / 16, words, 1);
                vector[n % LANES * 4 + at % 4] |= (w + 1) << at % 16 / 4 * 2;
            }
        }
    }
}

#ifdef __AVX512VBMI__
static void packIndices(Layer *l, const int8_t *codes) {
    int inputs = TABLE_INPUTS(l), c = l->channels;
    int groups = roundUp((c + inputs - 1) / inputs, TABLE_ADDS(l));
    int panels = roundUp(l->outputs, 64) / 64;
    l->packed = aligned((size_t) panels * groups * 64);
    l->table = aligned((size_t) groups * 64);
    l->spread = aligned(4 * (size_t) (groups * inputs + 16));
    for (int n = 0; n < l->outputs; n++) {
        // Channels of a panel: the even bytes take the first 32, the odd bytes the others.
        int panel = n / 64, lane = n % 64 < 32 ? n % 64 * 2 : n % 64 * 2 - 63;
        int start = 0, side = tableSide(panels);
        for (; start + side <= panel; side = tableSide(panels - start)) start += side;
        for (int g = 0; g < groups; g++) {
            int index = 0, digit = 1;
            for (int i = 0; i < inputs; i++, digit *= inputs == 3 ? 3 : 2) {
                int w = g * inputs + i < c ? codes[(size_t) n * c + g * inputs + i] : -1;
                index += digit * (inputs == 3 ? w + 1 : w > 0);
            }
            l->packed[((size_t) start * groups + (size_t) g * side + (panel - start)) * 64 + lane] = index;
        }
    }
    for (int e = 0; e < 64; e++) {
        for (int i = 0, rest = e; i < inputs; i++, rest /= inputs == 3 ? 3 : 2) {
            int digit = inputs == 3 ? rest % 3 - 1 : rest % 2;
            l->plus[i] |= (uint64_t) (digit > 0) << e;
            l->negative[i] |= (uint64_t) (digit < 0) << e;
        }
    }
}

static int looksUp(const Layer *l) {
    int groups = (l->channels + TABLE_INPUTS(l) - 1) / TABLE_INPUTS(l);
    size_t bytes = (size_t) roundUp(l->outputs, 64) * groups;
    // The table pays where many outputs share it and the indices stay in the second-level cache.
    return l->height * l->width == 1 && l->activations == DYNAMIC && l->bits <= 4
        && l->outputs >= (l->weights == TERNARY ? 256 : 96) && bytes <= (3 << 19)
        && groups / TABLE_ADDS(l) + 1 <= 256; // the widened sums hold 256 times 255
}
#elif defined(__AVX512VPOPCNTDQ__)
static int looksUp(const Layer *l) { (void) l; return 0; }
#else
static int greatestCode(const Layer *l) {
    if (l->activations == DYNAMIC) return (1 << (l->bits - 1)) - 1;
    int above = (1 << l->bits) - 1 - l->staticZero;
    return above > l->staticZero ? above : l->staticZero;
}

static int tableRun(const Layer *l) {
    int perByte = 2 * TABLE_INPUTS(l);
    return l->kernel * (roundUp(l->channels, perByte) / perByte);
}

// Tables pay where sums of 16 bits hold all entries, and many outputs share a table.
static int looksUp(const Layer *l) {
    int highest = 2 * greatestCode(l) * TABLE_INPUTS(l);
    return l->activations != SIGN && l->bits <= 4 && 4 * highest <= 255 && l->outputs >= 32
        && 2 * l->kernel * tableRun(l) * highest <= 65535;
}

static void packNibbles(Layer *l, const int8_t *codes) {
    int inputs = TABLE_INPUTS(l), c = l->channels, taps = l->kernel * l->kernel;
    int perTap = l->pixelBytes / 32, bytes = taps * perTap, panels = roundUp(l->outputs, 32) / 32;
    int whole = panels / l->tilePanels * l->tilePanels;
    l->tableShift = greatestCode(l) * inputs;
    l->tableAdds = 255 / (4 * l->tableShift);
    memset(l->image, l->tableShift, (size_t) l->paddedPixels * l->pixelBytes);
    l->codesOfPixel = aligned(roundUp(c, 32));
    l->packed = aligned((size_t) panels * bytes * 32);
    for (int n = 0; n < l->outputs; n++) {
        int panel = n / 32, side = panel < whole ? l->tilePanels : 1;
        int start = panel < whole ? panel / side * side : panel;
        int lane = n % 32 < 16 ? n % 32 * 2 : n % 32 * 2 - 31;
        for (int t = 0; t < taps; t++) {
            for (int i = 0; i < c; i++) {
                int w = codes[((size_t) n * taps + t) * c + i], j = i % inputs, group = i / inputs;
                int digit = inputs == 2 ? (j == 0 ? w + 1 : 3 * (w + 1)) : (w > 0) << j;
                size_t at = (size_t) start * bytes + (size_t) (t * perTap + group / 2) * side + (panel - start);
                l->packed[at * 32 + lane] += digit << 4 * (group % 2);
            }
        }
    }
}
#endif

static void packShorts(Layer *l, const int8_t *codes) {
    int taps = l->kernel * l->kernel, c = roundUp(l->channels, SHORTS);
    l->packed = aligned((size_t) taps * c * 2);
    for (int n = 0; n < l->channels; n++) {
        for (int t = 0; t < taps; t++) ((int16_t *) l->packed)[t * c + n] = codes[n * taps + t];
    }
}

// A layer, ready to run. The settings are the first ten fields; codes stand in [output][row][column][input].
Layer *layer_new(const int32_t *settings, float staticScale, int32_t staticZero, const int8_t *codes,
    const float *scales, const int32_t *thresholds, const int32_t *flips) {
    Layer *l = aligned(sizeof(Layer));
    memcpy(l, settings, 10 * sizeof(int32_t));
    l->staticScale = staticScale;
    l->staticZero = staticZero;
    l->path = l->depthwise ? DEPTHWISE : l->activations == SIGN ? POPCOUNT : looksUp(l) ? TABLE : DOT;
    int c = l->channels;
    l->pixelBytes = l->path == POPCOUNT ? roundUp(c, 32) / 8
        : l->path == DEPTHWISE ? 2 * roundUp(c, SHORTS) : roundUp(c, 16);
    l->run = l->path == POPCOUNT ? l->kernel * l->pixelBytes / 4 : l->kernel * l->pixelBytes / 16;
#ifndef __AVX512VPOPCNTDQ__
    if (l->path == TABLE) {
        l->run = tableRun(l);
        l->pixelBytes = l->run / l->kernel * 32;
    }
#endif
    l->panels = roundUp(l->outputs, LANES) / LANES;
    place(l);
    int many = l->pixels >= 4;
    l->tilePanels = !many ? 4 : l->path == POPCOUNT ? POPCOUNT_PANELS : l->path == TABLE ? 2 : DOT_PANELS;
    switch (l->path) {
        case POPCOUNT: packBits(l, codes); makeBases(l, codes); break;
        case DOT: packFields(l, codes); break;
        case DEPTHWISE: packShorts(l, codes); break;
#ifdef __AVX512VBMI__
        case TABLE: packIndices(l, codes); break;
#elif !defined(__AVX512VPOPCNTDQ__)
        case TABLE: packNibbles(l, codes); break;
#endif
        default: break;
    }
    size_t lanes = roundUp(l->outputs, 64);
    l->scales = aligned(4 * lanes);
    l->factors = aligned(4 * lanes);
    l->thresholds = aligned(4 * lanes);
    l->flips = aligned(4 * lanes);
    memcpy(l->scales, scales, 4 * l->outputs);
    memcpy(l->factors, scales, 4 * l->outputs);
    if (l->signs) {
        memcpy(l->thresholds, thresholds, 4 * l->outputs);
        memcpy(l->flips, flips, 4 * l->outputs);
    }
    return l;
}

void layer_run(Layer *l, const float *in, float *out) {
    int many = l->pixels >= 4;
    if (l->path == POPCOUNT) {
        packSigns(l, in);
        if (l->weights == TERNARY) (many ? ternaryManyPixels : ternaryOnePixel)(l, out);
        else (many ? binaryManyPixels : binaryOnePixel)(l, out);
        return;
    }
    float scale = packCodes(l, in);
    if (!l->signs) scaleFactors(l, scale);
    if (l->path == DEPTHWISE) {
        depthwise(l, out);
        return;
    }
#if defined(__AVX512VBMI__) || !defined(__AVX512VPOPCNTDQ__)
    if (l->path == TABLE) {
        lookUp(l, out);
        return;
    }
#endif
    for (int p = 0; p < l->pixels; p++) {
        const int32_t *window = l->pixelSums + l->offsets[p] / l->pixelBytes;
        int sum = 0;
        for (int ky = 0; ky < l->kernel; ky++) {
            for (int kx = 0; kx < l->kernel; kx++) sum += window[ky * l->paddedWidth + kx];
        }
        l->windowSums[p] = sum;
    }
    (many ? dotManyPixels : dotOnePixel)(l, out);
}

// Quantizing and packing alone.
void layer_pack(Layer *l, const float *in) {
    if (l->path == POPCOUNT) packSigns(l, in);
    else packCodes(l, in);
}

void layer_free(Layer *l) {
    void *all[] = {l->offsets, l->sources, l->classOf, l->image, l->packed, l->bases, l->pixelSums, l->windowSums,
        l->codesOfPixel, l->spread, l->table, l->scales, l->factors, l->thresholds, l->flips, l};
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}
