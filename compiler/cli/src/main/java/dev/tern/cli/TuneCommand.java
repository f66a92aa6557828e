package dev.tern.cli;

import dev.tern.cli.output.TuningTable;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.task.ScheduleTuning;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures how a model's products run fastest on this machine, and keeps that beside the model. */
@Command(name = "tune", description = {"Measures on this machine the ways in which a model's layers can be computed,"
        + " and writes the fastest into NAME.tuning beside NAME.tern.", "",
    "Every compilation on this machine uses that file. It is never required: without it a cost model chooses, which is"
            + " seldom far from the best. Results are the same bits either way.",
    "", "With --target edge the class for small JVMs is measured in this one, which is worth knowing where it will run"
            + " in one like it.",
    ""}, //
        footer = {"", "Examples:", "  tern tune models/digits", "  tern tune models/digits --target portable"})
final class TuneCommand extends ModelCommand {
    @Mixin
    private TargetOption target;

    @Override
    public Integer call() {
        ScheduleTuning tuning = ScheduleTuning.of(file());
        Set<Target> wanted = target.runs(commandLine());
        if (!wanted.isEmpty()) {
            tuning.targets(wanted);
        }
        TuningTable table = new TuningTable(console(), json());
        ScheduleTuning.Result tuned = tuning.onMeasured(table::measured).run();
        warn(tuned.warnings());
        Path written = tuned.write();
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", tuned.model());
            result.put("file", written.toString());
            result.put("cpu", tuned.machine().cpu());
            result.put("jvm", tuned.machine().jvm());
            result.put("targets", TuningTable.toJson(tuned.measured()));
            print(result, tuned.warnings());
        } else {
            console().out().println("written to " + written);
        }
        return ExitCode.DONE;
    }
}
