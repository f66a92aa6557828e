package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.files.RefusedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The files that a model may name: those below the folder it lies in. */
public final class ParameterPath {
    private static final String STAY = "name a file in the model's folder, or below it";

    private ParameterPath() {
    }

    /**
     * Checks a name as text, without looking at any file. Both slashes count as separators on every system, so that a
     * model means the same everywhere.
     *
     * @param report gets PARAMETERS_OUTSIDE for an absolute path and for one that climbs with {@code ..}
     */
    public static boolean check(String name, Position position, Consumer<Diagnostic> report) {
        String problem = problem(name);
        if (!problem.isEmpty()) {
            report.accept(Diagnostic.error(DiagnosticCode.PARAMETERS_OUTSIDE, problem, position, "").help(STAY));
        }
        return problem.isEmpty();
    }

    private static String problem(String name) {
        String slashes = name.replace('\\', '/');
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            return "a file needs a name";
        }
        if (slashes.startsWith("/") || slashes.matches("^[A-Za-z]:.*")) {
            return "a model cannot read `" + name + "`: it is an absolute path";
        }
        for (String part : slashes.split("/")) {
            if (part.equals("..")) {
                return "a model cannot read `" + name + "`: it climbs out of the model's folder";
            }
        }
        return "";
    }

    /**
     * Finds the file below the model's folder, links followed.
     *
     * @param folder where the model lies
     * @param name as the model has it
     * @param report gets PARAMETERS_OUTSIDE where a link leads out of the folder, PARAMETERS_UNREADABLE where there is
     *            no such file
     * @return empty if an error was reported
     */
    public static Optional<OutsideFile> resolve(Path folder, String name, Position position,
            Consumer<Diagnostic> report) {
        if (!check(name, position, report)) {
            return Optional.empty();
        }
        try {
            Path file = folder.resolve(name);
            if (Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
                report.accept(linksOut(name, position));
                return Optional.empty();
            }
            return Optional.of(OutsideFile.inside(folder, file));
        } catch (RefusedFileException e) {
            report.accept(e.absent()
                    ? Diagnostic.error(DiagnosticCode.PARAMETERS_UNREADABLE,
                            "there is no file `" + folder.resolve(name) + "`", position, "")
                            .help("training writes it; `tern init` writes one with random numbers")
                    : Diagnostic.error(DiagnosticCode.PARAMETERS_UNREADABLE,
                            "`" + folder.resolve(name) + "` " + e.getMessage(), position, ""));
            return Optional.empty();
        } catch (InvalidPathException | IOException e) {
            report.accept(Diagnostic.error(DiagnosticCode.PARAMETERS_UNREADABLE,
                    "`" + name + "` cannot be read: " + e.getMessage(), position, ""));
            return Optional.empty();
        }
    }

    /**
     * The place below the model's folder where a file of that name is to be written, links followed.
     *
     * @param folder where the model lies
     * @param name as the model has it
     * @param report gets PARAMETERS_OUTSIDE where the name or a link leads out of the folder, PARAMETERS_UNREADABLE
     *            where a link leads nowhere
     * @return empty if an error was reported
     */
    public static Optional<Path> target(Path folder, String name, Position position, Consumer<Diagnostic> report) {
        if (!check(name, position, report)) {
            return Optional.empty();
        }
        try {
            Path file = folder.resolve(name);
            Path existing = file.toAbsolutePath();
            while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
                existing = existing.getParent();
            }
            if (existing.toRealPath().startsWith(folder.toRealPath())) {
                return Optional.of(file);
            }
            report.accept(linksOut(name, position));
        } catch (InvalidPathException | IOException e) {
            report.accept(Diagnostic.error(DiagnosticCode.PARAMETERS_UNREADABLE,
                    "`" + name + "` is no place for a file: " + e.getMessage(), position, ""));
        }
        return Optional.empty();
    }

    private static Diagnostic linksOut(String name, Position position) {
        return Diagnostic.error(DiagnosticCode.PARAMETERS_OUTSIDE,
                "a model cannot name `" + name + "`: a link leads out of the model's folder", position, "").help(STAY);
    }
}
