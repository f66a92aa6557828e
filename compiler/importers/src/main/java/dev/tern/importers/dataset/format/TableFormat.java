package dev.tern.importers.dataset.format;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A table as text, one example a line, its cells apart by commas, semicolons, tabs or blanks; the first line may be
 * headings. One column may hold the class: a text, or a number. Classes that are whole numbers from 0 are themselves
 * the labels; others are numbered in their order (of number, else of text). For a model that gives one number the
 * column holds that.
 */
public final class TableFormat implements DatasetFormat {
    private static final int MAX_BYTES = 1 << 28;
    /** The exact value of any double takes fewer; reading millions of digits takes minutes. */
    private static final int MAX_DIGITS = 2000;
    private static final List<String> LABEL_HEADINGS = List.of("label", "class", "target", "y", "species");

    @Override
    public String description() {
        return "a .csv or .tsv table, one example a line, with the class in one column";
    }

    @Override
    public boolean recognises(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).matches(".*\\.(csv|tsv|txt)");
    }

    /** A line's cells. @param starts offsets in the file, for messages */
    private record Row(int line, List<String> cells, List<Integer> starts) {
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        SourceFile source = source(path);
        List<Row> rows = rows(source);
        if (rows.isEmpty()) {
            throw InputProblem.data(path, "is empty");
        }
        Optional<List<String>> headings = headings(rows);
        if (headings.isPresent()) {
            rows = rows.subList(1, rows.size());
        }
        if (rows.isEmpty()) {
            throw InputProblem.data(path, "has headings and no example");
        }
        int columns = rows.getFirst().cells().size();
        for (Row row : rows) {
            if (row.cells().size() != columns) {
                throw at(source, row, row.cells().size() - 1, "line " + row.line() + " has " + row.cells().size()
                        + " cells where the first has " + columns);
            }
        }
        int label = labelColumn(path, request, headings, rows.getFirst(), columns);
        return dataset(path, source, rows, label, request);
    }

    private static SourceFile source(Path path) {
        try {
            return new SourceFile(path.toString(), OutsideFile.of(path).text(MAX_BYTES));
        } catch (MalformedInputException e) {
            throw InputProblem.data(path, "is not UTF-8 text");
        } catch (IOException e) {
            throw InputProblem.data(path, e.getMessage());
        }
    }

    private static List<Row> rows(SourceFile source) {
        String text = source.text();
        List<Row> rows = new ArrayList<>();
        int number = 1;
        for (int start = 0; start < text.length(); number++) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            Row row = row(text, start, end, number);
            if (!row.cells().isEmpty()) {
                rows.add(row);
            }
            start = end + 1;
        }
        return rows;
    }

    /** Cells end at a comma or semicolon where the line has any, else at blanks; quotation marks around them go. */
    private static Row row(String text, int start, int end, int number) {
        boolean marked = false;
        for (int i = start; i < end && !marked; i++) {
            marked = text.charAt(i) == ',' || text.charAt(i) == ';' || text.charAt(i) == '\t';
        }
        List<String> cells = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        for (int from = start; from <= end;) {
            int to = from;
            while (to < end && !(marked ? ",;\t".indexOf(text.charAt(to)) >= 0 : text.charAt(to) <= ' ')) {
                to++;
            }
            String cell = text.substring(from, to).replace("\uFEFF", "").strip();
            if (cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"")) {
                cell = cell.substring(1, cell.length() - 1);
            }
            if (marked || !cell.isEmpty()) {
                cells.add(cell);
                starts.add(from);
            }
            from = to + 1;
        }
        return cells.stream().allMatch(String::isEmpty)
                ? new Row(number, List.of(), List.of())
                : new Row(number, cells, starts);
    }

    private static Optional<List<String>> headings(List<Row> rows) {
        List<String> first = rows.getFirst().cells();
        boolean numbers = first.stream().anyMatch(cell -> number(cell).isPresent());
        return numbers ? Optional.empty() : Optional.of(first);
    }

    private static int labelColumn(Path path, DatasetRequest request, Optional<List<String>> headings, Row first,
            int columns) {
        if (request.label().isPresent()) {
            String wanted = request.label().get();
            int found = headings.map(names -> names.indexOf(wanted)).orElse(-1);
            if (found < 0 && wanted.matches("-?[1-9][0-9]{0,8}")) {
                int column = Integer.parseInt(wanted);
                found = column > 0 ? column - 1 : columns + column;
            }
            if (found < 0 || found >= columns) {
                throw InputProblem.data(path, "has no column '" + wanted + "': it has " + columns
                        + headings.map(names -> ", called " + String.join(", ", names)).orElse(""));
            }
            return found;
        }
        if (request.shape().isPresent() && request.shape().get().elements() == columns) {
            return -1;
        }
        Optional<Integer> named = headings.flatMap(names -> LABEL_HEADINGS.stream().map(names::indexOf)
                .filter(column -> column >= 0).findFirst());
        boolean firstIsText = number(first.cells().getFirst()).isEmpty();
        return named.orElse(firstIsText ? 0 : columns - 1);
    }

    private static Dataset dataset(Path path, SourceFile source, List<Row> rows, int label, DatasetRequest request) {
        int columns = rows.getFirst().cells().size();
        int size = label < 0 ? columns : columns - 1;
        if (size == 0) {
            throw InputProblem.data(path, "has no column beside the class");
        }
        float[] values = new float[Math.multiplyExact(rows.size(), size)];
        List<String> texts = new ArrayList<>();
        int to = 0;
        for (Row row : rows) {
            for (int column = 0; column < columns; column++) {
                if (column == label) {
                    texts.add(row.cells().get(column));
                } else {
                    values[to++] = value(source, row, column);
                }
            }
        }
        Shape shape = request.shape().filter(wanted -> wanted.elements() == size).orElse(Shape.of(size));
        return new Dataset(path.toString(), shape, new Dataset.Values.Numbers(values),
                label < 0
                        ? new Dataset.Targets.None()
                        : request.numbers() ? numbers(source, rows, label) : classes(source, rows, label, texts));
    }

    private static float value(SourceFile source, Row row, int column) {
        String cell = row.cells().get(column);
        float value = number(cell).map(Double::floatValue).orElse(Float.NaN);
        if (!Float.isFinite(value)) {
            throw at(source, row, column, "line " + row.line() + " has "
                    + (cell.isEmpty()
                            ? "nothing"
                            : "'" + (cell.length() > 40 ? cell.substring(0, 40) + "..." : cell)
                                    + "'")
                    + " in column " + (column + 1) + ", which is no finite number");
        }
        return value;
    }

    private static Dataset.Targets numbers(SourceFile source, List<Row> rows, int column) {
        float[] numbers = new float[rows.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = value(source, rows.get(i), column);
        }
        return new Dataset.Targets.Numbers(Shape.of(1), numbers);
    }

    private static Dataset.Targets classes(SourceFile source, List<Row> rows, int column, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isEmpty()) {
                throw at(source, rows.get(i), column, "line " + rows.get(i).line() + " has no class");
            }
        }
        boolean numbers = texts.stream().allMatch(text -> number(text).filter(Double::isFinite).isPresent());
        if (!numbers) {
            List<String> names = new ArrayList<>(new TreeSet<>(texts));
            return new Dataset.Targets.Classes(texts.stream().mapToInt(names::indexOf).toArray(), names);
        }
        double[] values = texts.stream().mapToDouble(text -> number(text).orElseThrow()).toArray();
        double[] distinct = IntStream.range(0, values.length).mapToDouble(i -> values[i]).sorted().distinct()
                .toArray();
        boolean labels = distinct[0] == 0 && distinct[distinct.length - 1] < 1 << 16
                && IntStream.range(0, distinct.length).allMatch(i -> distinct[i] == Math.rint(distinct[i]));
        return labels
                ? new Dataset.Targets.Classes(IntStream.range(0, values.length).map(i -> (int) values[i]).toArray(),
                        List.of())
                : new Dataset.Targets.Classes(IntStream.range(0, values.length)
                        .map(i -> Arrays.binarySearch(distinct, values[i])).toArray(),
                        Arrays.stream(distinct)
                                .mapToObj(value -> value == Math.rint(value)
                                        ? Long.toString((long) value)
                                        : Double.toString(value))
                                .toList());
    }

    private static Optional<Double> number(String cell) {
        if (cell.isEmpty() || cell.length() > MAX_DIGITS) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.parseDouble(cell));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static CompilationFailedException at(SourceFile source, Row row, int column, String message) {
        int start = row.starts().get(column);
        int end = Math.max(start + 1, start + row.cells().get(column).length());
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message,
                new SourceSpan(source, start, Math.min(end, source.text().length())), ""));
    }
}
