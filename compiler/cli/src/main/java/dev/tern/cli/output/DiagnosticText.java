package dev.tern.cli.output;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.Label;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Diagnostics as a program reads them. */
public final class DiagnosticText {
    private DiagnosticText() {
    }

    /** One object per diagnostic: code, severity, message, place, labels, help. */
    public static List<Map<String, Object>> toJson(List<Diagnostic> diagnostics) {
        return diagnostics.stream().map(DiagnosticText::toJson).toList();
    }

    private static Map<String, Object> toJson(Diagnostic diagnostic) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("code", diagnostic.code().id());
        object.put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT));
        object.put("message", diagnostic.message());
        object.putAll(place(diagnostic.primary()));
        object.put("also", diagnostic.secondary().stream().map(DiagnosticText::place).toList());
        object.put("help", diagnostic.help());
        return object;
    }

    private static Map<String, Object> place(Label label) {
        Map<String, Object> object = new LinkedHashMap<>();
        switch (label.position()) {
            case SourceSpan span -> {
                object.put("file", span.file().name());
                object.put("line", span.line());
                object.put("column", span.column());
                object.put("start", span.start());
                object.put("end", span.end());
            }
            case FilePosition position -> {
                object.put("file", position.file());
                if (position.offset() >= 0) {
                    object.put("offset", position.offset());
                }
                if (!position.part().isEmpty()) {
                    object.put("part", position.part());
                }
            }
        }
        object.put("label", label.text());
        return object;
    }
}
