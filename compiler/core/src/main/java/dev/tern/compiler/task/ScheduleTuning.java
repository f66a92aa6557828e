package dev.tern.compiler.task;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Machine;
import dev.tern.compiler.tuning.MeasuredProduct;
import dev.tern.compiler.tuning.Tuner;
import dev.tern.compiler.tuning.Tuning;
import dev.tern.compiler.tuning.TuningFile;
import dev.tern.runtime.Variant;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures in this JVM the ways in which a model's products can be computed. The fastest are kept in a file beside the
 * model, by which every compilation on this machine goes. Results are the same bits either way.
 *
 * <pre>{@code
 * ScheduleTuning.Result tuned = ScheduleTuning.of(model).targets(List.of(Target.PORTABLE)).run();
 * System.out.println(tuned.write());                       // flowers.tuning, beside flowers.tern
 * }</pre>
 */
public final class ScheduleTuning {
    private final Path model;
    private final Set<Target> targets = new LinkedHashSet<>();
    private Progress progress = (name, target, product, done, all) -> {
    };

    /** Is told what has been measured, as soon as it is. */
    public interface Progress {
        /**
         * A product was measured.
         *
         * @param model its name
         * @param done products of the target measured so far, of {@code all}
         */
        void measured(String model, Target target, MeasuredProduct product, int done, int all);
    }

    private ScheduleTuning(Path model) {
        this.model = model;
        targets.add(HostTarget.find().target());
        targets.add(Target.PORTABLE);
    }

    /** That of a Tern text or of a model of another tool: what this JVM runs best, and plain loops. */
    public static ScheduleTuning of(Path model) {
        return new ScheduleTuning(model);
    }

    /**
     * Measures code of these targets.
     *
     * @throws IllegalArgumentException if there is none, or one does not run in this JVM
     */
    public ScheduleTuning targets(Collection<Target> wanted) {
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("there is at least one target to be measured");
        }
        for (Target target : wanted) {
            if (target.vector() && !Variant.missing().isEmpty()) {
                throw new IllegalArgumentException(target + " code cannot be measured here: " + Variant.missing());
            }
        }
        targets.clear();
        targets.addAll(wanted);
        return this;
    }

    /** Tells of each product, on the thread that measures. */
    public ScheduleTuning onMeasured(Progress told) {
        progress = told;
        return this;
    }

    /**
     * What was measured; nothing is written yet.
     *
     * @param model the model's name
     * @param machine that it holds for
     * @param measured each product with all its candidates, by target
     * @param file where it belongs: {@code digits.tuning} beside {@code digits.tern}
     * @param text of that file, with what was known of other targets
     * @param warnings what there is to say of the model
     */
    public record Result(String model, Machine machine, Map<Target, List<MeasuredProduct>> measured, Path file,
            String text, List<Diagnostic> warnings) {
        public Result {
            measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
            warnings = List.copyOf(warnings);
        }

        /**
         * Writes the file, from now on every compilation on this machine goes by it.
         *
         * @return that file
         * @throws CompilationFailedException if it cannot be written
         */
        public Path write() {
            WholeFile.write(Map.of(file, text.getBytes(StandardCharsets.UTF_8)));
            return file;
        }
    }

    /**
     * Measures, which takes some seconds for each target.
     *
     * @throws CompilationFailedException if the model or its parameters are wrong
     */
    public Result run() {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel analyzed = ModelReader.analyze(model, diagnostics);
        Compilation compilation = Compilation.of(ModelReader.bindSteps(analyzed, model, diagnostics),
                analyzed.layers());
        String name = compilation.graph().name();
        Machine machine = Machine.current();
        Map<Target, List<MeasuredProduct>> measured = new LinkedHashMap<>();
        Tuning tuning = known(machine);
        for (Target target : targets) {
            List<MeasuredProduct> products = Tuner.measure(compilation.optimizedGraph(), target,
                    (product, done, all) -> progress.measured(name, target, product, done, all));
            measured.put(target, products);
            tuning = tuning.with(target.toString(), products);
        }
        return new Result(name, machine, measured, TuningFile.beside(model), TuningFile.text(tuning),
                diagnostics.list());
    }

    /** What was measured before, here and of this model. */
    private Tuning known(Machine machine) {
        return TuningFile.read(model, new Diagnostics()).filter(tuning -> tuning.machine().equals(machine))
                .orElse(new Tuning(machine, Map.of()));
    }
}
