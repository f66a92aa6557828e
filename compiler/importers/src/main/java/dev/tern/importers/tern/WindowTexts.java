package dev.tern.importers.tern;

import dev.tern.importers.network.ForeignWindow;
import java.util.List;

/** Windows as arguments: what has its usual value is left out. */
final class WindowTexts {
    private WindowTexts() {
    }

    /**
     * @param sizes of the input along the window's axes
     * @param same padding is {@code same} where nothing is said, else none
     * @param stride the usual one; 0 for that of the kernel
     */
    static void addTo(List<String> arguments, ForeignWindow window, List<Integer> sizes, boolean same, int stride) {
        boolean usual = true;
        for (int i = 0; i < window.rank(); i++) {
            usual &= window.strides().get(i) == (stride == 0 ? window.kernel().get(i) : stride);
        }
        if (!usual) {
            arguments.add("stride: " + size(window.strides()));
        }
        ForeignWindow likeSame = window.same(sizes, ForeignWindow.AutoPad.SAME_UPPER);
        boolean isSame = likeSame.before().equals(window.before()) && likeSame.after().equals(window.after());
        if (same ? !isSame : window.padded()) {
            arguments.add("pad: " + (window.padded() ? isSame ? "same" : pads(window) : "valid"));
        }
        if (window.dilations().stream().anyMatch(d -> d != 1)) {
            arguments.add("dilation: " + size(window.dilations()));
        }
    }

    /** One number where all are alike. */
    private static String size(List<Integer> sizes) {
        return sizes.stream().distinct().count() == 1 ? sizes.getFirst().toString() : NumberTexts.size(sizes);
    }

    private static String pads(ForeignWindow window) {
        if (window.before().equals(window.after())) {
            return size(window.before());
        }
        return window.rank() == 1
                ? NumberTexts.list(List.of(window.before().getFirst(), 0, window.after().getFirst(), 0))
                : NumberTexts.list(List.of(window.before().get(0), window.before().get(1), window.after().get(0),
                        window.after().get(1)));
    }
}
