package dev.tern.cli;

import dev.tern.compiler.HostTarget;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Variant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What kind of code a command is about, by one option for all commands. */
final class TargetOption {
    @Option(names = "--target", paramLabel = "TARGET", description = {
        "'portable' for plain loops, which run anywhere, or the bits of a vector: 128, 256 or 512. Otherwise what this"
                + " command chooses by itself; more than one may be given where it takes several."})
    private List<String> names = List.of();

    @Option(names = "--portable", description = "The same as --target portable.")
    private boolean portable;

    /** The targets that were asked for, each once; empty where none was. */
    Set<Target> all(CommandLine command) {
        Set<Target> targets = new LinkedHashSet<>();
        if (portable) {
            targets.add(Target.PORTABLE);
        }
        for (String name : names) {
            targets.add(switch (name) {
                case "portable" -> Target.PORTABLE;
                case "128" -> Target.vector(128);
                case "256" -> Target.vector(256);
                case "512" -> Target.vector(512);
                default -> throw new ParameterException(command,
                        "--target takes portable, 128, 256 or 512, not '" + name + "'");
            });
        }
        return targets;
    }

    /** The one target that was asked for, if any. */
    private Optional<Target> one(CommandLine command) {
        Set<Target> targets = all(command);
        if (targets.size() > 1) {
            throw new ParameterException(command, "this command takes one --target");
        }
        return targets.stream().findFirst();
    }

    /** The target for a command that looks at code and does not run it. */
    HostTarget shown(CommandLine command) {
        return one(command).map(target -> HostTarget.of(target, "asked for by --target")).orElseGet(HostTarget::find);
    }

    /** The target for a command that runs the code. @throws ParameterException where this JVM cannot */
    HostTarget run(CommandLine command) {
        one(command).ifPresent(target -> requireRunnable(command, target));
        return shown(command);
    }

    /** @throws ParameterException where this JVM has no vector code at all */
    static void requireRunnable(CommandLine command, Target target) {
        if (target.vector() && !Variant.missing().isEmpty()) {
            throw new ParameterException(command, "no vector code can be measured: " + Variant.missing());
        }
    }
}
