package dev.tern.compiler;

import dev.tern.compiler.pipeline.Pass;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.pipeline.Representation;
import java.util.List;
import java.util.function.Supplier;

/**
 * A program on its way, as one pass left it.
 *
 * @param pass the pass's name; a pass in a loop leaves a stage each round
 * @param summary what the pass does
 * @param changed whether it changed anything
 * @param printed gives the program as text
 */
public record Stage(String pass, String summary, boolean changed, Supplier<String> printed) {
    /** The program as text. */
    public String text() {
        return printed.get();
    }

    /**
     * Adds a stage for every pass over programs of one representation.
     *
     * @param <P> the programs
     */
    record Recorder<P>(Representation<P> representation, List<Stage> stages) implements PassObserver<P> {
        @Override
        public void after(Pass<P> pass, P program, boolean changed) {
            stages.add(new Stage(pass.name(), pass.summary(), changed, () -> representation.print(program)));
        }

        /** Adds the stage of a step that is no pass: one that made the program. */
        void add(String step, String summary, P program) {
            stages.add(new Stage(step, summary, true, () -> representation.print(program)));
        }
    }
}
