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

/** What kind of code a command is about, by one option for all commands that look at code or run it. */
final class TargetOption {
    @Option(names = "--target", paramLabel = "TARGET", description = {
        "What code it is about: 'portable', plain loops for any JVM; the bits of a vector: 128, 256 or 512; 'edge',"
                + " the class for small JVMs, which is measured in this one (default: what this machine runs)."})
    private List<String> names = List.of();

    @Option(names = "--portable", description = "The same as --target portable.")
    private boolean portable;

    @Option(names = "--integers", description = {
        "Code that makes codes of sums by integers alone, where scales are static, as compile --target edge --integers"
                + " makes it."})
    private boolean integers;

    /** The targets that were asked for, each once; empty where none was. */
    private Set<Target> all(CommandLine command) {
        Set<Target> targets = new LinkedHashSet<>();
        if (portable) {
            targets.add(Target.PORTABLE);
        }
        names.forEach(name -> targets.add(TargetNames.of(command, name)));
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
        return host(one(command));
    }

    /** The target for a command that runs the code. */
    HostTarget run(CommandLine command) {
        return host(one(command).map(target -> runnable(command, target)));
    }

    /** The targets for a command that runs code of several; empty where none was asked for. */
    Set<Target> runs(CommandLine command) {
        if (integers) {
            throw new ParameterException(command, "products are computed alike with --integers; leave it out");
        }
        Set<Target> targets = all(command);
        targets.forEach(target -> runnable(command, target));
        return targets;
    }

    private HostTarget host(Optional<Target> asked) {
        HostTarget host = asked.map(target -> HostTarget.of(target, "asked for by --target"))
                .orElseGet(HostTarget::find);
        return integers ? host.withIntegers() : host;
    }

    private static Target runnable(CommandLine command, Target target) {
        if (target.vector() && !Variant.missing().isEmpty()) {
            throw new ParameterException(command, "no vector code can be measured: " + Variant.missing());
        }
        return target;
    }
}
