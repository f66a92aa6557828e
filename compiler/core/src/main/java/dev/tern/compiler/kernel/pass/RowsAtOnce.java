package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Window;

/**
 * How many output rows have their patches gathered before the panels of weights pass over them. Each panel is then read
 * from the second-level cache once for all these rows, while the patches wait in the first.
 */
final class RowsAtOnce {
    /** Rows that make the reading of a panel a small part of its use. */
    private static final int ENOUGH = 16;
    /** Bytes of patches that leave the first-level cache room for a panel. */
    private static final int MOST_BYTES = 32 << 10;

    private RowsAtOnce() {
    }

    /**
     * A number of whole lines of the output, which divides it; 1 where there is but one column of channels and each row is
     * computed by itself.
     *
     * @param words of one row's patch
     */
    static int of(Window window, PackWeights weights, int words) {
        if (weights.channels() <= Producer.COLUMN && together(window, weights.form()) == 1) {
            return 1;
        }
        int width = window.outputWidth();
        int best = 1;
        for (int lines = 1; lines <= window.outputHeight(); lines++) {
            boolean room = (long) lines * width * words * Long.BYTES <= MOST_BYTES;
            if (window.outputHeight() % lines == 0 && (room || lines == 1)) {
                best = lines;
                if (lines * width >= ENOUGH) {
                    break;
                }
            }
        }
        return best * width;
    }

    /**
     * Rows whose products are computed together. Of ternary weights two planes are loaded for each step, more than the
     * caches give in its time; two rows share them.
     */
    static int together(Window window, WeightForm form) {
        return form == WeightForm.TERNARY && window.outputWidth() > 1 ? 2 : 1;
    }
}
