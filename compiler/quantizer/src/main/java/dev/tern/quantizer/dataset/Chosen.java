package dev.tern.quantizer.dataset;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.importers.dataset.Contrast;
import dev.tern.importers.dataset.Dataset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Some of the examples of a data set, with their values changed.
 *
 * @param range {@code 0..249}, both included; empty for all
 * @param contrast of what f32 inputs take
 */
public record Chosen(Optional<String> range, Contrast contrast) {
    /** All of them as they are. */
    public static final Chosen ALL = new Chosen(Optional.empty(), Contrast.NONE);
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");

    /**
     * The examples of the range, changed.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if there are no such examples
     */
    public Dataset of(Dataset dataset) {
        return range.map(text -> {
            Matcher matcher = RANGE.matcher(text);
            if (!matcher.matches()) {
                throw refused("examples " + text + ": write the first and the last, 0..249");
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = Integer.parseInt(matcher.group(2));
            if (first > last || last >= dataset.count()) {
                throw refused("examples " + text + ": there are the examples 0.." + (dataset.count() - 1));
            }
            return dataset.select(IntStream.rangeClosed(first, last).toArray());
        }).orElse(dataset).changed(contrast);
    }

    /** The number of the first of them, from 0. */
    public int first() {
        return range.map(RANGE::matcher).filter(Matcher::matches).map(found -> Integer.parseInt(found.group(1)))
                .orElse(0);
    }

    private static CompilationFailedException refused(String message) {
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message,
                new FilePosition("examples", -1, ""), ""));
    }
}
