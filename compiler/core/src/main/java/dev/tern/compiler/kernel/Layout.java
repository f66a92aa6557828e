package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.target.Word;

/** How a buffer's elements lie in its bank. Rows are pixels, tokens, or the one row of a vector. */
public sealed interface Layout {
    int rows();

    int channels();

    /** Elements of the bank that it takes. */
    int length();

    /**
     * One element of the bank per value, row-major, element = row * channels + channel. In I8 a value is a code:
     * signed ones as they are, unsigned ones in all eight bits ({@code b & 255}), bipolar ones as -1 and +1. The
     * same elements may be viewed with other rows and channels of the same product.
     */
    record Plain(int rows, int channels) implements Layout {
        @Override
        public int length() {
            return rows * channels;
        }
    }

    /**
     * Bit planes in words of w bits, which lie in the bank of the word: word = (row * bits + plane) * wordsPerRow +
     * channel / w, bit = channel % w, plane 0 the least significant. Codes are two's complement in {@code code.bits()}
     * planes; a bipolar code is one plane, bit 1 for +1. Bits past the last channel are 0.
     */
    record Planes(int rows, int channels, ElementType.Code code, Word word) implements Layout {
        public int bits() {
            return code.bits();
        }

        public int wordsPerRow() {
            return word.count(channels);
        }

        @Override
        public int length() {
            return rows * bits() * wordsPerRow();
        }
    }
}
