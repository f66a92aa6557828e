package dev.tern.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Cells in columns. */
public final class TextTable {
    private TextTable() {
    }

    /**
     * Lines with the cells of each column under one another.
     *
     * @param numbers the first column that stands to the right, as all behind it do
     */
    public static List<String> lines(List<List<String>> rows, int numbers) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(line(row, widths, numbers));
        }
        return lines;
    }

    /** One line, of a table whose rows are not all known yet; a cell that is wider pushes those behind it. */
    static String line(List<String> row, int[] widths, int numbers) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String fill = " ".repeat(Math.max(0, widths[column] - row.get(column).length()));
            line.append(column == 0 ? "" : "  ")
                    .append(column < numbers ? row.get(column) + fill : fill + row.get(column));
        }
        return line.toString().stripTrailing();
    }
}
