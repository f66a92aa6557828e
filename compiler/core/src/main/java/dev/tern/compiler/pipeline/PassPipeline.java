package dev.tern.compiler.pipeline;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An ordered list of passes over one representation. Immutable; {@link #then} and {@link #untilStable} give longer
 * lists, so that a pipeline is written as it reads.
 *
 * @param <P> the programs
 */
public final class PassPipeline<P> {
    private final Representation<P> representation;
    private final List<Stage<P>> stages;

    private PassPipeline(Representation<P> representation, List<Stage<P>> stages) {
        this.representation = representation;
        this.stages = List.copyOf(stages);
    }

    /** Passes run one after the other, over and over until a round changes nothing, at most so many rounds. */
    private record Stage<P>(List<Pass<P>> passes, int rounds) {
        Stage {
            passes = List.copyOf(passes);
        }
    }

    public static <P> PassPipeline<P> over(Representation<P> representation) {
        return new PassPipeline<>(representation, List.of());
    }

    /** This list with one more pass at its end. */
    public PassPipeline<P> then(Pass<P> pass) {
        return with(new Stage<>(List.of(pass), 1));
    }

    /**
     * This list with passes at its end that repeat until a whole round changes nothing.
     *
     * @param rounds the most there may be; where the last still changed something the program is as good as any other
     *        and the observer is told
     */
    public PassPipeline<P> untilStable(int rounds, List<Pass<P>> passes) {
        return with(new Stage<>(passes, rounds));
    }

    private PassPipeline<P> with(Stage<P> stage) {
        List<Stage<P>> all = new ArrayList<>(stages);
        all.add(stage);
        return new PassPipeline<>(representation, all);
    }

    /** The passes in the order in which they first run, each name once. */
    public List<Pass<P>> passes() {
        return stages.stream().flatMap(s -> s.passes().stream())
                .collect(Collectors.toMap(Pass::name, p -> p, (a, b) -> a, LinkedHashMap::new)).values()
                .stream().toList();
    }

    public Representation<P> representation() {
        return representation;
    }

    /**
     * Runs all passes.
     *
     * @throws CompilationFailedException after the pass that found errors, with all found so far
     * @throws IllegalStateException if a pass breaks the representation's rules, which is a fault of the compiler
     */
    public P run(P program, Diagnostics diagnostics, PassObserver<P> observer) {
        P current = program;
        requireGood(current, "the program given to the passes");
        for (Stage<P> stage : stages) {
            current = run(stage, current, diagnostics, observer);
        }
        return current;
    }

    private P run(Stage<P> stage, P program, Diagnostics diagnostics, PassObserver<P> observer) {
        P current = program;
        for (int round = 0; round < stage.rounds(); round++) {
            P before = current;
            for (Pass<P> pass : stage.passes()) {
                current = run(pass, current, diagnostics, observer);
            }
            if (current.equals(before)) {
                return current;
            }
        }
        if (stage.rounds() > 1) {
            observer.unstable(stage.passes().stream().map(Pass::name).collect(Collectors.joining(", ")),
                    stage.rounds());
        }
        return current;
    }

    private P run(Pass<P> pass, P program, Diagnostics diagnostics, PassObserver<P> observer) {
        P after = pass.apply(program, diagnostics);
        diagnostics.throwIfErrors();
        boolean changed = !after.equals(program);
        if (changed) {
            after = representation.markChanges(program, after, pass.name());
            requireGood(after, pass.name());
        }
        observer.after(pass, after, changed);
        return changed ? after : program;
    }

    private void requireGood(P program, String culprit) {
        List<String> offences = representation.verify(program);
        if (!offences.isEmpty()) {
            throw new IllegalStateException(culprit + " breaks the rules of the representation\n  "
                    + String.join("\n  ", offences) + "\n" + representation.print(program));
        }
    }
}
