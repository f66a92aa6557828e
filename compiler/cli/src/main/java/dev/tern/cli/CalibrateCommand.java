package dev.tern.cli;

import dev.tern.cli.output.RangeTable;
import dev.tern.quantizer.calibration.RangeRule;
import dev.tern.quantizer.task.Calibration;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Fixes the ranges of a model's static quantizers. */
@Command(name = "calibrate", description = {"Runs the float model on samples, finds the range of each quantizer"
        + " `static(bits, calibrated)`, and writes the ranges into the model's safetensors file.", "",
    "The file must hold the weights as floats, in Tern's layout. Shown beside each range are its signal to"
            + " quantization noise, that of dynamic(bits, minmax) in its place, and the share of values outside.",
    ""}, //
        sortOptions = false, //
        footer = {"", "Example:", "  tern calibrate mymodel --data samples.npy --rule auto"})
final class CalibrateCommand extends ModelCommand {

    @Option(names = "--data", paramLabel = "PATH", required = true, description = {
        "A .npy file whose first axis counts the samples, an .npz archive with such an array for each input by its"
                + " name, or any data that eval takes. Steps that the data does not have are gone through."})
    private Path data;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = {
        "The safetensors file to write (default: the one that the model names)."})
    private Path output;

    @Option(names = "--rule", paramLabel = "RULE", defaultValue = "minmax", description = {
        "minmax, percentile, mse, entropy, or auto: for each quantizer the one that, fitted to every other"
                + " sample, has the least error on the rest (default:"
                + " ${DEFAULT-VALUE})."})
    private String rule;

    @Option(names = "--percentile", paramLabel = "X", defaultValue = "99.99", description = {
        "How many percent of the values the rule percentile keeps (default: ${DEFAULT-VALUE})."})
    private double percentile;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "256", description = {
        "Of more samples so many are taken, evenly spread (default: ${DEFAULT-VALUE})."})
    private int samples;

    @Option(names = "--resize", description = "Make pictures of another size fit.")
    private boolean resize;

    @Option(names = "--examples", paramLabel = "A..B", description = {
        "Take these alone, counted from 0, both included: 0..249."})
    private String examples;

    @Mixin
    private ContrastOptions contrast;

    @Option(names = "--compare", description = {"Show the noise of static and dynamic quantization, too, on the"
            + " samples times 0.25 to 4, and with 0.25 taken off or added, and what is right of a test part with"
            + " classes that is so changed; f32 inputs only."})
    private boolean compare;

    @Override
    public Integer call() {
        Calibration calibration = Calibration.of(file()).data(data).resizing(resize).examples(examples)
                .comparing(compare);
        rule().ifPresentOrElse(calibration::rule, calibration::bestRule);
        Calibration.Result result = require(() -> calibration.changed(contrast.contrast(commandLine())).samples(samples)
                .percentile(percentile).run());
        warn(result.warnings());
        show(result, require(() -> output == null ? result.write() : result.write(output)));
        return ExitCode.DONE;
    }

    private Optional<RangeRule> rule() {
        if (rule.equals("auto")) {
            return Optional.empty();
        }
        for (RangeRule each : RangeRule.values()) {
            if (each.word().equals(rule)) {
                return Optional.of(each);
            }
        }
        throw new ParameterException(commandLine(),
                "there is no rule '" + rule + "': minmax, percentile, mse, entropy or auto");
    }

    private void show(Calibration.Result found, Path target) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", found.model());
            result.put("file", target.toString());
            result.put("ranges", found.ranges().stream().map(RangeTable::json).toList());
            Map<String, Object> changes = new LinkedHashMap<>();
            found.comparison().forEach((change, measured) -> changes.put(change,
                    measured.stream().map(RangeTable::json).toList()));
            result.put("comparison", changes);
            Map<String, Object> right = new LinkedHashMap<>();
            found.answers().forEach((change, answers) -> right.put(change, RangeTable.json(answers)));
            result.put("right", right);
            print(result, found.warnings());
            return;
        }
        RangeTable.lines(found.ranges()).forEach(console().out()::println);
        if (!found.comparison().isEmpty()) {
            console().out().println();
            RangeTable.comparison(found.comparison(), found.answers()).forEach(console().out()::println);
        }
        console().out().println(target);
    }
}
