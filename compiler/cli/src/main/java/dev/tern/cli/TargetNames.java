package dev.tern.cli;

import dev.tern.compiler.target.Target;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What {@code --target} takes: {@code portable}, {@code edge}, or the bits of a vector. */
final class TargetNames {
    /** What a class can be compiled to ahead of time. */
    static final List<Target> ALL = List.of(Target.PORTABLE, Target.vector(128), Target.vector(256), Target.vector(512),
            Target.EDGE);

    private TargetNames() {
    }

    /** @throws ParameterException if none of them has this name */
    static Target of(CommandLine command, String name) {
        return ALL.stream().filter(target -> name(target).equals(name)).findFirst().orElseThrow(
                () -> new ParameterException(command, "--target takes " + list() + ", not '" + name + "'"));
    }

    private static String name(Target target) {
        return target.vector() ? Integer.toString(target.vectorBits()) : target.toString();
    }

    private static String list() {
        List<String> names = ALL.stream().map(TargetNames::name).toList();
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }
}
