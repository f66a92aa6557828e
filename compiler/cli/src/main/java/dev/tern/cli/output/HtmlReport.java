package dev.tern.cli.output;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A page with headings, tables and plots, in one file that needs nothing else. Its colours are those that the reader
 * prefers, light or dark; in a narrow window plots shrink and tables scroll.
 */
public final class HtmlReport {
    private static final int BAR_WIDTH = 360;
    private static final int ROW = 20;
    private static final int LABELS = 220;
    private static final int NUMBERS = 110;
    /** Letters of a label that find room before its bar. */
    private static final int LABEL_LETTERS = 32;
    /** Of a grid: the least width of a cell, that of a digit or letter, and the room around them. */
    private static final int CELL = 26;
    private static final int LETTER = 7;
    private static final int AROUND = 12;
    private static final int WIDEST_LABEL = 200;
    /** What a plot does not shrink below; the window scrolls then. */
    private static final int LEAST_WIDTH = 560;

    private final StringBuilder body = new StringBuilder();
    private final String title;
    private String heading;
    private boolean graphs;

    public HtmlReport(String title) {
        this.title = title;
        this.heading = title;
        body.append("<h1>").append(escaped(title)).append("</h1>\n");
    }

    public HtmlReport heading(String text) {
        heading = text;
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    public HtmlReport paragraph(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    /** A table; the first row heads the columns. */
    public HtmlReport table(List<List<String>> rows) {
        wide();
        body.append("<table>\n");
        String tag = "th scope=\"col\"";
        for (List<String> row : rows) {
            body.append("<tr>");
            for (String cell : row) {
                body.append('<').append(tag).append('>').append(escaped(cell)).append("</").append(tag, 0, 2)
                        .append('>');
            }
            body.append("</tr>\n");
            tag = "td";
        }
        body.append("</table></div>\n");
        return this;
    }

    /** A bar of a plot. @param text its number as it is to be read */
    public record Bar(String label, double value, String text) {
    }

    /** Horizontal bars from 0. @param full what the widest bar could be at most */
    public HtmlReport bars(List<Bar> bars, double full) {
        int height = bars.size() * ROW;
        wide();
        svg(LABELS + BAR_WIDTH + NUMBERS, height);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double width = full > 0 && bar.value > 0 ? Math.min(1, bar.value / full) * BAR_WIDTH : 0;
            int middle = i * ROW + ROW / 2 + 4;
            body.append(String.format(Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                    LABELS - 8, middle, escaped(shortened(bar.label)), LABELS, i * ROW + 3, width, ROW - 6,
                    LABELS + width + 6, middle, escaped(bar.text)));
        }
        body.append("</svg></div>\n");
        return this;
    }

    /** The end of a path says more than its beginning. */
    private static String shortened(String label) {
        return label.length() <= LABEL_LETTERS
                ? label
                : "\u2026" + label.substring(label.length() - LABEL_LETTERS + 1);
    }

    /** Counts of rows by columns, the darker the greater a count is within its row. */
    public HtmlReport grid(List<String> labels, int[][] counts) {
        int size = labels.size();
        int digits = Arrays.stream(counts).flatMapToInt(Arrays::stream)
                .map(count -> Integer.toString(count).length()).max().orElse(1);
        int cell = Math.max(CELL, LETTER * digits + AROUND / 2);
        int margin = Math.min(WIDEST_LABEL, AROUND + LETTER * labels.stream().mapToInt(String::length).max().orElse(1));
        wide();
        svg(margin + size * cell + margin, margin + size * cell);
        for (int row = 0; row < size; row++) {
            int all = Math.max(1, Arrays.stream(counts[row]).sum());
            body.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    margin - 6, margin + row * cell + cell / 2 + 4, escaped(labels.get(row))));
            body.append(String.format(Locale.ROOT,
                    "<text transform=\"translate(%d,%d) rotate(-60)\">%s</text>%n",
                    margin + row * cell + cell / 2 + 4, margin - 6, escaped(labels.get(row))));
            for (int column = 0; column < size; column++) {
                double share = (double) counts[row][column] / all;
                body.append(String.format(Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"%.3f\"/>",
                        margin + column * cell, margin + row * cell, cell - 1, cell - 1, Math.sqrt(share)));
                if (counts[row][column] > 0) {
                    body.append(String.format(Locale.ROOT,
                            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"%s>%d</text>",
                            margin + column * cell + cell / 2, margin + row * cell + cell / 2 + 4,
                            share > 0.25 ? " class=\"on\"" : "", counts[row][column]));
                }
            }
            body.append('\n');
        }
        body.append("</svg></div>\n");
        return this;
    }

    /** Pictures beside one another, each over a line of text. @param image a PNG file in base 64 */
    public record Picture(String image, String text) {
    }

    public HtmlReport pictures(List<Picture> pictures) {
        return pictures("pictures", pictures);
    }

    /** Sheets of many small pictures beside one another, larger than these are alone. */
    public HtmlReport sheets(List<Picture> sheets) {
        return pictures("pictures sheets", sheets);
    }

    private HtmlReport pictures(String classes, List<Picture> pictures) {
        body.append("<div class=\"").append(classes).append("\">");
        pictures.forEach(picture -> body.append("<figure><img src=\"data:image/png;base64,").append(picture.image)
                .append("\" alt=\"\"><figcaption>").append(escaped(picture.text)).append("</figcaption></figure>\n"));
        body.append("</div>\n");
        return this;
    }

    /** A drawing over lines of text. @param svg an element, with everything in it escaped */
    public record Plot(String svg, List<String> caption) {
        public Plot {
            caption = List.copyOf(caption);
        }
    }

    /** Small plots beside one another, as many in a row as there is room for. */
    public HtmlReport plots(List<Plot> plots) {
        return plots("plots", plots);
    }

    /** Plots of many points beside one another, larger. */
    public HtmlReport largePlots(List<Plot> plots) {
        return plots("plots large", plots);
    }

    private HtmlReport plots(String classes, List<Plot> plots) {
        body.append("<div class=\"").append(classes).append("\">");
        plots.forEach(plot -> body.append("<figure>").append(plot.svg).append("<figcaption>")
                .append(String.join("<br>", plot.caption.stream().map(HtmlReport::escaped).toList()))
                .append("</figcaption></figure>\n"));
        body.append("</div>\n");
        return this;
    }

    /** Plots over the whole width, one below the other. @param svg elements, with everything in them escaped */
    public HtmlReport plot(String svg) {
        wide();
        body.append(svg).append("</div>\n");
        return this;
    }

    /** A line of markup. @param html with everything in it escaped */
    public HtmlReport markup(String html) {
        body.append(html);
        return this;
    }

    /**
     * A graph to be moved about, with buttons, keys, and a place for what is told of a node.
     *
     * @param svg an element with groups of the class {@code node}, each with a title, see {@code graph.js}
     * @param name what a reader who does not see it is told of it
     */
    public HtmlReport graph(String svg, String name) {
        graphs = true;
        body.append("<div class=\"graph\" role=\"group\" aria-label=\"").append(escaped(name)).append("\">")
                .append("""
                        <div class="bar">
                        <button type="button" data-key="+" aria-label="Larger">+</button>
                        <button type="button" data-key="-" aria-label="Smaller">\u2212</button>
                        <button type="button" data-key="1">Text size</button>
                        <button type="button" data-key="0">All of it</button>
                        <button type="button" data-key="p">Previous</button>
                        <button type="button" data-key="n">Next</button>
                        <span class="keys">Drag or arrows to move, + and - for size, 0 all, 1 text, n and p from node \
                        to node</span>
                        </div>
                        """).append(svg)
                .append("<pre class=\"told\" aria-live=\"polite\">Point at a node, or press n.</pre></div>\n");
        return this;
    }

    /** Begins a part that scrolls where the window is too narrow for it, by keys too. */
    private void wide() {
        body.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"").append(escaped(heading))
                .append("\">\n");
    }

    private void svg(int width, int height) {
        body.append("<svg class=\"plot\" width=\"").append(width).append("\" height=\"").append(height)
                .append("\" viewBox=\"0 0 ").append(width).append(' ').append(height).append("\" style=\"min-width:")
                .append(Math.min(width, LEAST_WIDTH)).append("px\" role=\"img\"")
                .append(" aria-label=\"").append(escaped(heading)).append("\">\n");
    }

    /** The whole file. */
    public String text() {
        String script = graphs ? "<script>\n" + resource("graph.js") + "</script>\n" : "";
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escaped(title)
                + "</title><style>\n" + resource("report.css") + "</style></head><body>\n" + body + script
                + "</body></html>\n";
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text as it stands in a page. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
