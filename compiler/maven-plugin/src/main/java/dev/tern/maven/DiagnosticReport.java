package dev.tern.maven;

import java.io.File;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.logging.Log;
import org.sonatype.plexus.build.incremental.BuildContext;

/** Tells of what is wrong with models as Maven tells of what is wrong with Java: {@code file:[line,column] message}. */
final class DiagnosticReport {
    private final Log log;
    private final BuildContext context;

    DiagnosticReport(Log log, BuildContext context) {
        this.log = log;
        this.context = context;
    }

    /** Shows all. @return how many are errors */
    int show(List<Map<String, Object>> diagnostics) {
        int errors = 0;
        for (Map<String, Object> diagnostic : diagnostics) {
            boolean error = "error".equals(diagnostic.get("severity"));
            String file = String.valueOf(diagnostic.get("file"));
            int line = number(diagnostic, "line");
            int column = number(diagnostic, "column");
            String message = message(diagnostic);
            String text = file + ":[" + line + "," + column + "] " + message;
            if (error) {
                log.error(text);
                errors++;
            } else {
                log.warn(text);
            }
            context.addMessage(new File(file), line, column, message,
                    error ? BuildContext.SEVERITY_ERROR : BuildContext.SEVERITY_WARNING, null);
        }
        return errors;
    }

    /** What is wrong with a file as a whole stands at its beginning. */
    private static int number(Map<String, Object> diagnostic, String key) {
        return diagnostic.get(key) instanceof Number number ? number.intValue() : 1;
    }

    private static String message(Map<String, Object> diagnostic) {
        StringBuilder message = new StringBuilder();
        message.append(diagnostic.get("code")).append(": ").append(diagnostic.get("message"));
        Object label = diagnostic.get("label");
        if (label instanceof String text && !text.isEmpty()) {
            message.append(" (").append(text).append(')');
        }
        Object help = diagnostic.get("help");
        if (help instanceof String text && !text.isEmpty()) {
            message.append("; ").append(text);
        }
        return message.toString();
    }
}
