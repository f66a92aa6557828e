package dev.tern.compiler.kernel.cost;

import java.util.List;
import java.util.Locale;

/**
 * What the steps of products take, in nanoseconds where nothing else is said; their values are in a {@link
 * CostProfile}.
 */
enum Cost {
    /** Plain loops: one word of xor and popcount for one channel, by 1, 2, 4 and 8 words a pass. */
    BINARY_LOOP_WORD_1, BINARY_LOOP_WORD_2, BINARY_LOOP_WORD_4, BINARY_LOOP_WORD_8,
    /** The same of two ands and popcounts; eight words a pass are no longer turned into vector code everywhere. */
    TERNARY_LOOP_WORD_1, TERNARY_LOOP_WORD_2, TERNARY_LOOP_WORD_4, TERNARY_LOOP_WORD_8, LOOP_ROW,
    /** Beginning and ending a pass over the channels. */
    LOOP_PASS,
    /** Panels: one vector of weights by one word of signs. */
    STEP,
    /** The same by carry-save adders. */
    CARRY_SAVE_STEP, TERNARY_CARRY_SAVE_STEP,
    /** Panels of shorts: one vector of weights by 16 signs. */
    PIECE_STEP, TERNARY_PIECE_STEP,
    /** The same of ternary weights, whose two planes keep the ports for loads busy. */
    TERNARY_STEP,
    /** Both where two rows share the loads. */
    SHARED_STEP, SHARED_TERNARY_STEP,
    /** Both by a plane of several. */
    PLANE_STEP, TERNARY_PLANE_STEP,
    /** Beginning and ending a panel: clearing accumulators, storing them. */
    PANEL_CALL,
    /** Keeping a plane of a patch for later. */
    KEPT_PATCH,
    /** What follows for 64 channels of a row. */
    EPILOGUE,
    /** One byte of a panel from the second and from the third level. */
    SECOND_LEVEL_BYTE, THIRD_LEVEL_BYTE,
    /** One index for a vector of channels: a shuffle, an addition, its part of the loads. */
    LOOK_UP,
    /** The same where two or four rows share the index, or two columns the table. */
    ROWS_LOOK_UP, FOUR_ROWS_LOOK_UP, COLUMNS_LOOK_UP,
    /** The same of four rows whose tables do not fit the first-level cache. */
    FAR_FOUR_ROWS_LOOK_UP,
    /** One index for two digits. */
    TWO_LOOK_UPS,
    /** What a byte of indices from the third level adds. */
    FAR_INDEX_BYTE,
    /** Taking sums of bytes into shorts. */
    WIDEN,
    /** Building one table. */
    TABLE,
    /** Placing one word of a tap into a plane of a patch. */
    GATHER_WORD,
    /** One bit of a code into its plane. */
    PACK_BIT, MULTIPLY_ADD,
    /** The same where rows share the loads of weights. */
    SHARED_MULTIPLY_ADD, MULTIPLY_ROW,
    /** Multiply loops: beginning and ending a pass over the channels, and a value of the input, which is quantized. */
    MULTIPLY_PASS, MULTIPLY_ELEMENT,
    /** What each of the first 64 channels adds to a loop of one row's and of several rows' sums. */
    LOOP_END, SHARED_LOOP_END,
    /** Tiles: one vector of weights by one value of a row. */
    TILE_STEP, TILE_CALL, TILE_WEIGHT_BYTE,
    /** One element of the input that becomes f32, in vectors of 512 bits. */
    TILE_ELEMENT,
    /** The same in lanes of 16 bits: a vector of weights by a pair of values, a vector of sums widened, an element. */
    SHORT_STEP, SHORT_WIDEN, SHORT_ELEMENT,
    /** In bytes: a vector of weights by a value, a vector of sums taken into shorts. */
    BYTE_STEP, BYTE_WIDEN,
    /** Depthwise: one tap of a vector of channels, and what comes to a vector of a row besides. */
    LINE_STEP, LINE_ROW,
    /** The same in lanes of 16 bits. */
    SHORT_LINE_STEP, SHORT_LINE_ROW,
    /** What more values in a pass than four do to its speed. */
    LONG_PASS,
    /** Channels first: a product of a row and a channel, and the beginning and end of a loop along rows. */
    CHANNELS_FIRST_ADD, CHANNELS_FIRST_LOOP;

    /** By 1, 2, 4 and 8 words a pass. */
    static final List<Cost> BINARY_LOOP_WORDS = List.of(BINARY_LOOP_WORD_1, BINARY_LOOP_WORD_2, BINARY_LOOP_WORD_4,
            BINARY_LOOP_WORD_8);
    static final List<Cost> TERNARY_LOOP_WORDS = List.of(TERNARY_LOOP_WORD_1, TERNARY_LOOP_WORD_2, TERNARY_LOOP_WORD_4,
            TERNARY_LOOP_WORD_8);

    /** As a profile writes it: {@code shared.step}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
