package dev.tern.compiler.verification;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.pipeline.Pass;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends a model down the road to its class and holds what comes of it against what the model means, on some
 * inputs. Looks no further once a difference is found: what follows has the same one.
 */
public final class ModelVerifier {
    private final Graph model;
    private final List<List<Tensor>> inputs;
    private final List<List<Tensor>> outputs = new ArrayList<>();
    private final boolean everyPass;
    private final List<Map<ValueId, Tensor>> values = new ArrayList<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private Optional<Difference> difference = Optional.empty();
    private Optional<String> unsettled = Optional.empty();

    /**
     * Runs the model by its definition.
     *
     * @param model whose parameters are bound
     * @param inputs each in the order of the signature
     * @param everyPass whether to compare after each pass, or after the last one only
     */
    public ModelVerifier(Graph model, List<List<Tensor>> inputs, boolean everyPass) {
        this.model = model;
        this.inputs = List.copyOf(inputs);
        this.everyPass = everyPass;
        for (List<Tensor> input : inputs) {
            Map<ValueId, Tensor> all = new HashMap<>();
            outputs.add(GraphInterpreter.run(model, input, (node, value) -> all.put(node.id(), value)));
            // From one pass to the next an id means one value; over several it may come to mean another.
            values.add(everyPass ? all : new HashMap<>());
        }
    }

    /** The outputs by definition, for each of the inputs. */
    public List<List<Tensor>> outputs() {
        return List.copyOf(outputs);
    }

    /** What has been compared, in order. */
    public List<Checkpoint> checkpoints() {
        return List.copyOf(checkpoints);
    }

    /** The first difference, if there is one. */
    public Optional<Difference> difference() {
        return difference;
    }

    /** Passes that were still changing the graph when their rounds were over, if there are such. */
    public Optional<String> unsettled() {
        return unsettled;
    }

    /**
     * Runs passes over the graph and compares.
     *
     * @return what they leave
     * @throws CompilationFailedException if the passes refuse the model
     */
    public Graph passes(PassPipeline<Graph> passes, Diagnostics diagnostics) {
        Rounds rounds = new Rounds("");
        Graph last = passes.run(model, diagnostics, new PassObserver<>() {
            @Override
            public void after(Pass<Graph> pass, Graph graph, boolean changed) {
                Checkpoint at = rounds.next(pass.name());
                if (everyPass && changed) {
                    compare(at, graph);
                }
            }

            @Override
            public void unstable(String names, int most) {
                unsettled = Optional.of(names + " did not settle in " + most + " rounds");
            }
        });
        if (!everyPass) {
            compare(rounds.last(), last);
        }
        return last;
    }

    /**
     * Lowers a graph that the passes left, runs passes over its kernels, makes its class, and compares.
     *
     * @throws CompilationFailedException if the passes refuse the program, as for a budget
     */
    public KernelProgram kernels(Graph graph, Target target, PassPipeline<KernelProgram> passes,
            Diagnostics diagnostics) {
        Rounds rounds = new Rounds(target.toString());
        KernelProgram lowered = Lower.lower(graph, target);
        Checkpoint lower = rounds.next("Lower");
        if (everyPass) {
            compare(lower, lowered);
        }
        KernelProgram last = passes.run(lowered, diagnostics, (pass, program, changed) -> {
            Checkpoint at = rounds.next(pass.name());
            if (everyPass && changed) {
                compare(at, program);
            }
        });
        if (!everyPass) {
            compare(rounds.last(), last);
        }
        if (difference.isEmpty()) {
            Checkpoint at = rounds.next(Checkpoint.CLASS);
            checkpoints.add(at);
            ClassRun run = new ClassRun(last);
            for (int i = 0; i < inputs.size(); i++) {
                compare(at, i, run.run(inputs.get(i)));
            }
        }
        return last;
    }

    private void compare(Checkpoint at, Graph graph) {
        if (difference.isPresent()) {
            return;
        }
        checkpoints.add(at);
        for (int i = 0; i < inputs.size(); i++) {
            int input = i;
            Map<ValueId, Tensor> before = values.get(i);
            Set<ValueId> kept = new HashSet<>();
            // A value that keeps its id keeps its bits, so that the first to differ says where the fault is.
            List<Tensor> results = GraphInterpreter.run(graph, inputs.get(i), (node, value) -> {
                kept.add(node.id());
                Tensor expected = before.putIfAbsent(node.id(), value);
                if (expected != null && !expected.equals(value)) {
                    differs(new Difference(at, input, name(node), expected, value));
                }
            });
            before.keySet().retainAll(kept);
            compare(at, i, results);
        }
    }

    private static String name(Node node) {
        return "the value " + node.id() + " of " + node.origin().path();
    }

    private void compare(Checkpoint at, KernelProgram program) {
        if (difference.isPresent()) {
            return;
        }
        checkpoints.add(at);
        for (int i = 0; i < inputs.size(); i++) {
            compare(at, i, KernelInterpreter.run(program, inputs.get(i)));
        }
    }

    private void compare(Checkpoint at, int input, List<Tensor> results) {
        for (int o = 0; o < results.size(); o++) {
            Tensor expected = outputs.get(input).get(o);
            // Inside a model the bits of a NaN are the processor's; what leaves a class has the ones that are defined.
            boolean same = at.pass().equals(Checkpoint.CLASS)
                    ? Difference.sameBits(expected, results.get(o))
                    : expected.equals(results.get(o));
            if (!same) {
                differs(new Difference(at, input, "the output " + model.outputs().get(o).name(), expected,
                        results.get(o)));
            }
        }
    }

    private void differs(Difference found) {
        if (difference.isEmpty()) {
            difference = Optional.of(found);
        }
    }

    /** Counts how often each pass ran. */
    private static final class Rounds {
        private final String target;
        private final Map<String, Integer> counts = new HashMap<>();
        private Checkpoint last = new Checkpoint("no pass", 1, "");

        Rounds(String target) {
            this.target = target;
        }

        Checkpoint next(String pass) {
            last = new Checkpoint(pass, counts.merge(pass, 1, Integer::sum), target);
            return last;
        }

        Checkpoint last() {
            return last;
        }
    }
}
