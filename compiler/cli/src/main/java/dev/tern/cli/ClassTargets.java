package dev.tern.cli;

import dev.tern.compiler.target.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What classes are compiled for ahead of time, by the same options wherever that is done. */
final class ClassTargets {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--target", paramLabel = "TARGET", description = {
        "What the class is for: 'portable', plain loops alone; '128', '256' or '512', with vector code of so many bits"
                + " beside them; or 'edge', one class for Java 8 and small JVMs that needs java.lang alone, has its"
                + " weights in it and runs one inference at a time (default: plain loops, 256 and 512)."})
    private Optional<String> target;

    @Option(names = "--portable", description = "The same as --target portable.")
    private boolean portable;

    @Option(names = "--integers", description = {
        "With --target edge: make codes of sums by integers alone, where scales are static. A code may differ by one"
                + " from that of the other targets."})
    private boolean integers;

    @Option(names = "--narrow", description = {
        "Take vector code of 128 bits along as well, for machines without wider vectors."})
    private boolean narrow;

    @Option(names = "--standalone", description = "Take the runtime's classes along, so that nothing else is needed.")
    private boolean standalone;

    /** Whether the runtime's classes are taken along. */
    boolean standalone() {
        return standalone;
    }

    /**
     * Small JVMs alone, or those with vectors; none for plain loops alone.
     *
     * @throws ParameterException if the options do not go together
     */
    List<Target> all() {
        Optional<Target> only = target.map(name -> TargetNames.of(command.commandLine(), name));
        require(only.isEmpty() || !portable && !narrow, "--target says already what vector code there is; leave "
                + (portable ? "--portable" : "--narrow") + " out");
        boolean edge = only.filter(Target::edge).isPresent();
        require(!integers || edge, "--integers goes with --target edge");
        require(!edge || !standalone, "a class for --target edge needs no runtime; leave --standalone out");
        if (edge) {
            return List.of(integers ? Target.EDGE_INTEGERS : Target.EDGE);
        }
        if (only.isPresent()) {
            return only.filter(Target::vector).stream().toList();
        }
        if (portable) {
            return List.of();
        }
        return narrow
                ? Stream.concat(Target.VECTORS.stream(), Stream.of(Target.vector(128))).toList()
                : Target.VECTORS;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), otherwise);
        }
    }
}
