package dev.tern.cli;

import dev.tern.cli.output.TuningTable;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Machine;
import dev.tern.compiler.tuning.MeasuredProduct;
import dev.tern.compiler.tuning.Tuner;
import dev.tern.compiler.tuning.Tuning;
import dev.tern.compiler.tuning.TuningFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures how a model's products run fastest on this machine, and keeps that beside the model. */
@Command(name = "tune", description = {"Measures on this machine the ways in which a model's layers can be computed,"
        + " and writes the fastest into NAME.tuning beside NAME.tern.", "",
    "Every compilation on this machine uses that file. It is never required: without it a cost model chooses, which is"
            + " seldom far from the best. Results are the same bits either way.",
    ""}, //
        footer = {"", "Examples:", "  tern tune models/digits", "  tern tune models/digits --target portable"})
final class TuneCommand extends ModelCommand {
    @Mixin
    private TargetOption target;

    @Override
    public Integer call() {
        Set<Target> wanted = targets();
        Path file = file();
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        Compilation compilation = Compilation.of(ModelReader.bindSteps(model, file, diagnostics), model.layers());
        warn(diagnostics.list());
        Machine machine = Machine.current();
        TuningTable table = new TuningTable(console(), json());
        table.begin(compilation.graph().name(), machine);
        Map<Target, List<MeasuredProduct>> measured = new LinkedHashMap<>();
        Tuning tuning = known(file, machine);
        for (Target one : wanted) {
            table.begin(one);
            measured.put(one, Tuner.measure(compilation.optimizedGraph(), one, table::measured));
            table.end(measured.get(one));
            tuning = tuning.with(one.toString(), measured.get(one));
        }
        Path written = TuningFile.beside(file);
        WholeFile.write(Map.of(written, TuningFile.text(tuning).getBytes(StandardCharsets.UTF_8)));
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", compilation.graph().name());
            result.put("file", written.toString());
            result.put("cpu", machine.cpu());
            result.put("jvm", machine.jvm());
            result.put("targets", TuningTable.toJson(measured));
            print(result, diagnostics.list());
        } else {
            console().out().println("written to " + written);
        }
        return ExitCode.DONE;
    }

    /** What was measured before, here and of this model. */
    private static Tuning known(Path file, Machine machine) {
        return TuningFile.read(file, new Diagnostics()).filter(tuning -> tuning.machine().equals(machine))
                .orElse(new Tuning(machine, Map.of()));
    }

    private Set<Target> targets() {
        Set<Target> wanted = target.runs(commandLine());
        if (wanted.isEmpty()) {
            wanted.add(HostTarget.find().target());
            wanted.add(Target.PORTABLE);
        }
        return wanted;
    }
}
