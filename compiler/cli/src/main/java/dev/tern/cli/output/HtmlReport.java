package dev.tern.cli.output;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A page with headings, tables and plots, in one file that needs nothing else. */
public final class HtmlReport {
    private static final int BAR_WIDTH = 360;
    private static final int ROW = 20;
    private static final int LABELS = 220;
    private static final int NUMBERS = 90;
    private static final int CELL = 26;
    private static final int MARGIN = 110;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    public HtmlReport(String title) {
        this.title = title;
        body.append("<h1>").append(escaped(title)).append("</h1>\n");
    }

    public HtmlReport heading(String text) {
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    public HtmlReport paragraph(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    /** A table; the first row heads the columns. */
    public HtmlReport table(List<List<String>> rows) {
        body.append("<table>\n");
        String tag = "th";
        for (List<String> row : rows) {
            body.append("<tr>");
            for (String cell : row) {
                body.append('<').append(tag).append('>').append(escaped(cell)).append("</").append(tag).append('>');
            }
            body.append("</tr>\n");
            tag = "td";
        }
        body.append("</table>\n");
        return this;
    }

    /** A bar of a plot. @param text its number as it is to be read */
    public record Bar(String label, double value, String text) {
    }

    /** Horizontal bars from 0. @param full what the widest bar could be at most */
    public HtmlReport bars(List<Bar> bars, double full) {
        int height = bars.size() * ROW;
        svg(LABELS + BAR_WIDTH + NUMBERS, height);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double width = full > 0 && bar.value > 0 ? Math.min(1, bar.value / full) * BAR_WIDTH : 0;
            int middle = i * ROW + ROW / 2 + 4;
            body.append(String.format(Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                    LABELS - 8, middle, escaped(bar.label), LABELS, i * ROW + 3, width, ROW - 6,
                    LABELS + width + 6, middle, escaped(bar.text)));
        }
        body.append("</svg>\n");
        return this;
    }

    /** Counts of rows by columns, the darker the greater a count is within its row. */
    public HtmlReport grid(List<String> labels, int[][] counts) {
        int size = labels.size();
        svg(MARGIN + size * CELL + MARGIN, MARGIN + size * CELL);
        for (int row = 0; row < size; row++) {
            int all = Math.max(1, Arrays.stream(counts[row]).sum());
            body.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    MARGIN - 6, MARGIN + row * CELL + CELL / 2 + 4, escaped(labels.get(row))));
            body.append(String.format(Locale.ROOT,
                    "<text transform=\"translate(%d,%d) rotate(-60)\">%s</text>%n",
                    MARGIN + row * CELL + CELL / 2 + 4, MARGIN - 6, escaped(labels.get(row))));
            for (int column = 0; column < size; column++) {
                double share = (double) counts[row][column] / all;
                body.append(String.format(Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"%.3f\"/>",
                        MARGIN + column * CELL, MARGIN + row * CELL, CELL - 1, CELL - 1, Math.sqrt(share)));
                if (counts[row][column] > 0) {
                    body.append(String.format(Locale.ROOT,
                            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"%s\" font-size=\"10\">%d</text>",
                            MARGIN + column * CELL + CELL / 2, MARGIN + row * CELL + CELL / 2 + 4,
                            share > 0.25 ? "#fff" : "#222", counts[row][column]));
                }
            }
            body.append('\n');
        }
        body.append("</svg>\n");
        return this;
    }

    /** Pictures beside one another, each over a line of text. @param image a PNG file in base 64 */
    public record Picture(String image, String text) {
    }

    public HtmlReport pictures(List<Picture> pictures) {
        body.append("<div class=\"pictures\">");
        pictures.forEach(picture -> body.append("<figure><img src=\"data:image/png;base64,").append(picture.image)
                .append("\" alt=\"\"><figcaption>").append(escaped(picture.text)).append("</figcaption></figure>\n"));
        body.append("</div>\n");
        return this;
    }

    private void svg(int width, int height) {
        body.append("<svg width=\"").append(width).append("\" height=\"").append(height)
                .append("\" fill=\"#2b6cb0\" role=\"img\">\n");
    }

    /** The whole file. */
    public String text() {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>TITLE</title><style>
                body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; color: #222 }
                table { border-collapse: collapse } td, th { padding: 2px 14px; text-align: right }
                td:first-child, th:first-child { text-align: left } th { border-bottom: 1px solid #999 }
                tr:nth-child(even) td { background: #f4f6f8 } svg text { fill: #222; font-size: 12px }
                svg text[fill='#fff'] { fill: #fff } .pictures { display: flex; flex-wrap: wrap; gap: 12px }
                figure { margin: 0; text-align: center } figcaption { font-size: 12px }
                img { width: 84px; image-rendering: pixelated }
                </style></head><body>
                BODY</body></html>
                """.replace("TITLE", escaped(title)).replace("BODY", body.toString());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
