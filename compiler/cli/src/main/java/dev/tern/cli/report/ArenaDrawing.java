package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport;
import dev.tern.compiler.footprint.Arena;
import dev.tern.compiler.kernel.Bank;
import java.util.List;
import java.util.Locale;

/**
 * The arena over the run of a model: kernels from left to right, addresses from bottom to top, and each buffer a
 * rectangle as long as it is held and as high as it is large. Each type of element has an array of its own.
 */
final class ArenaDrawing {
    private static final int LEFT = 74;
    private static final int WIDTH = 900;
    private static final int TOP = 20;
    private static final int BOTTOM = 18;
    private static final int HEIGHT = 220;
    private static final int LEAST_HEIGHT = 26;
    private static final int MOST_TICKS = 20;

    private ArenaDrawing() {
    }

    /** A drawing for each array; all have the same scale of time, and of bytes. */
    static String svg(Arena arena) {
        StringBuilder all = new StringBuilder();
        long most = arena.banks().stream().mapToLong(Arena.Use::bytes).max().orElse(1);
        for (Arena.Use use : arena.banks()) {
            int height = (int) Math.max(LEAST_HEIGHT, HEIGHT * use.bytes() / most);
            all.append(svg(arena, use, height));
        }
        return all.toString();
    }

    private static String svg(Arena arena, Arena.Use use, int height) {
        // The turns, with one before them in which inputs are filled and one after in which outputs are read.
        int turns = arena.timeline().size() + 2;
        double turn = (double) (WIDTH - LEFT) / turns;
        String name = name(use.bank());
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg class=\"plot\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-label=\"%s: %,d bytes over %d kernels\">%n",
                WIDTH, TOP + height + BOTTOM, WIDTH, TOP + height + BOTTOM, name, use.bytes(), turns - 2));
        svg.append(String.format(Locale.ROOT, "<text x=\"0\" y=\"14\">%s, %,d bytes</text>%n", name, use.bytes()));
        for (Arena.Held held : arena.buffers()) {
            if (held.bank() == use.bank()) {
                double x = LEFT + (held.first() + 1) * turn;
                double high = Math.max(1, (double) height * held.bytes() / use.bytes());
                double y = TOP + height - (double) height * held.offset() / use.bytes() - high;
                svg.append(String.format(Locale.ROOT,
                        "<rect class=\"held\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %,d"
                                + " bytes, %s</title></rect>%n",
                        x, y, (held.last() - held.first() + 1) * turn, high, HtmlReport.escaped(held.name()),
                        held.bytes(), HtmlReport.escaped(when(arena.timeline(), held))));
            }
        }
        svg.append(String.format(Locale.ROOT, "<path class=\"axis\" d=\"M%d %d V%d H%d\"/>%n", LEFT, TOP,
                TOP + height, WIDTH));
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>%n", LEFT - 4,
                TOP + height));
        int every = Math.max(1, (turns - 2 + MOST_TICKS - 1) / MOST_TICKS);
        for (int kernel = 0; kernel < turns - 2; kernel += every) {
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                    LEFT + (kernel + 1.5) * turn, TOP + height + BOTTOM - 4, kernel));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String name(Bank bank) {
        return bank.name().toLowerCase(Locale.ROOT);
    }

    private static String when(List<Arena.Moment> timeline, Arena.Held held) {
        String from = held.first() < 0 ? "an input" : "from " + timeline.get(held.first()).kernel();
        return from + (held.last() >= timeline.size() ? ", an output" : " to " + timeline.get(held.last()).kernel());
    }
}
