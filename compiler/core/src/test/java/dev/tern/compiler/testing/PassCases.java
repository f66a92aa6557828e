package dev.tern.compiler.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.pipeline.PassPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The golden files of a list of passes. They lie in the test resources at the passes' package, a folder for each pass,
 * in it a model for each case: {@code FuseThresholds/gammas-of-every-sign.tern}. The file beside it holds the program
 * before and after the pass where it first changes something, and what both compute. A model whose name begins with
 * {@code not-} is one that the pass must leave alone; one that cannot be compiled has the diagnostics in its file.
 *
 * @param passes whose package the files lie in
 * @param start the program that the passes start from, of a graph whose parameters are bound
 * @param interpreter its results
 */
public record PassCases<P>(Class<?> passes, PassPipeline<P> pipeline, Function<Graph, P> start,
        BiFunction<P, List<Tensor>, List<Tensor>> interpreter) {
    private static final int SEED = 7;

    /** One model. */
    public record Case(String pass, Path text) {
        @Override
        public String toString() {
            return pass + "/" + text.getFileName().toString().replace(".tern", "");
        }
    }

    private Path folder() {
        return Path.of("src", "test", "resources").resolve(passes.getPackageName().replace('.', '/'));
    }

    /** All cases; there are several for each pass, and none of a pass that is not in the list. */
    public Stream<Case> all() {
        List<Case> cases = new ArrayList<>();
        pipeline.passes().forEach(pass -> {
            List<Path> texts = texts(folder().resolve(pass.name()));
            assertThat(texts).as("models for " + pass.name()).hasSizeGreaterThan(1);
            texts.forEach(text -> cases.add(new Case(pass.name(), text)));
        });
        assertThat(texts(folder())).containsExactlyInAnyOrderElementsOf(cases.stream().map(Case::text).toList());
        return cases.stream();
    }

    private static List<Path> texts(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".tern")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares a case with its golden file, and the results before and after the pass with those of the model. */
    public void check(Case one) throws IOException {
        Graph model = TernModels.bound(one.text().getFileName().toString(), Files.readString(one.text()), SEED);
        Path golden = one.text().resolveSibling(one.text().getFileName().toString().replace(".tern", ".golden"));
        P first;
        List<P> around = new ArrayList<>();
        try {
            first = start.apply(model);
            around = around(first, one.pass());
        } catch (CompilationFailedException e) {
            Golden.check(golden, e.getMessage());
            return;
        }
        boolean leaves = one.text().getFileName().toString().startsWith("not-");
        assertThat(around.size() > 1).as("%s changes %s", one.pass(), one).isEqualTo(!leaves);
        String expected = results(model, inputs -> GraphInterpreter.run(model, inputs));
        for (P program : around) {
            assertThat(results(model, inputs -> interpreter.apply(program, inputs))).isEqualTo(expected);
        }
        String before = pipeline.representation().print(around.getFirst());
        Golden.check(golden, leaves
                ? "--- " + one.pass() + " leaves\n" + before
                : "--- before " + one.pass() + "\n" + before + "--- after " + one.pass() + "\n"
                        + pipeline.representation().print(around.getLast()) + "--- both compute\n" + expected);
    }

    /** The program before the pass and after it where it first changes something; else the last that it saw. */
    private List<P> around(P first, String pass) {
        List<P> changes = new ArrayList<>();
        List<P> seen = new ArrayList<>();
        List<P> last = new ArrayList<>(List.of(first));
        pipeline.run(first, new Diagnostics(), (ran, program, changed) -> {
            if (ran.name().equals(pass)) {
                seen.add(last.getLast());
                if (changed && changes.isEmpty()) {
                    changes.add(last.getLast());
                    changes.add(program);
                }
            }
            last.add(program);
        });
        return changes.isEmpty() ? List.of(seen.getLast()) : changes;
    }

    private static String results(Graph model, Function<List<Tensor>, List<Tensor>> run) {
        RandomTensors tensors = new RandomTensors(new Random(SEED));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            List<Tensor> outputs = run.apply(tensors.inputs(model));
            for (int o = 0; o < outputs.size(); o++) {
                out.append(model.outputs().get(o).name()).append(" = ").append(switch (outputs.get(o)) {
                    case Tensor.Floats floats -> Arrays.toString(floats.values());
                    case Tensor.Integers integers -> Arrays.toString(integers.values());
                }).append('\n');
            }
        }
        return out.toString();
    }
}
