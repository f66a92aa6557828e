package dev.tern.cli;

import dev.tern.cli.training.ProgressLines;
import dev.tern.cli.training.TrainingOptions;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.quantizer.task.Training;
import dev.tern.quantizer.training.CompiledAgreement;
import dev.tern.quantizer.training.CrossValidation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Trains a model's parameters. */
@Command(name = "train", description = {"Trains a model, its quantizers in place, and writes its parameters: a"
        + " classifier on examples with classes, a regression on examples with numbers, an autoencoder on examples with"
        + " neither; a model of values and a step learns to tell the noise in examples, an epoch being 100 batches.",
    "",
    "An imported model starts from its own parameters, any other at random or from a file. The same seed on the same"
            + " machine gives the same file. Progress goes to standard error. After each epoch"
            + " FILE.checkpoint.safetensors is replaced, from which --resume goes on.",
    ""}, //
        sortOptions = false, footer = {"", "Examples:",
            "  tern train models/digits --data ../shared/data/mnist --epochs 40 --shift 2 --turn 10 --zoom 0.1",
            "  tern train mymodel --data table.csv --folds 5 --seeds 5"})
final class TrainCommand extends ModelCommand {
    @Option(names = "--data", paramLabel = "PATH", required = true, description = {
        "The file or folder with the examples."})
    private Path data;

    @Option(names = "--test", paramLabel = "PATH", description = {
        "Examples to test by that are not in --data: their test part. All of --data, its own test part too, is then"
                + " learned from, but for examples that are among these, pictures as they are or as JPEG made them."})
    private Path test;

    @Option(names = "--label", paramLabel = "COLUMN", description = {
        "The column of a table that holds the class, or the number that the model should give if it gives one: its"
                + " heading, or its number from 1 (from the end: -1). Else one called label, class or target, or the"
                + " last."})
    private String label;

    @Option(names = "--resize", description = "Make pictures of another size fit.")
    private boolean resize;

    @Mixin
    private ContrastOptions contrast;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = {
        "The safetensors file to write (default: the one that the model names)."})
    private Path output;

    @Option(names = "--float", description = {"Train the same network without quantization; the default file is then"
            + " NAME.float.safetensors."})
    private boolean floating;

    @Option(names = "--packed", description = {"Write weights as packed codes with their scales, all that inference"
            + " takes: small, but not to be trained on as well as the latent weights."})
    private boolean packed;

    @Option(names = "--start", paramLabel = "FILE", description = {
        "Start from these parameters: the model's own, or those of its float twin."})
    private Path start;

    @Option(names = "--resume", description = "Go on with a run that was interrupted.")
    private boolean resume;

    @Option(names = "--teacher", paramLabel = "FILE", description = {
        "Learn from the scores of the float twin with these parameters, too, or from its numbers or the noise that"
                + " it tells."})
    private Path teacher;

    @Option(names = "--teacher-model", paramLabel = "MODEL", description = {
        "The .tern file whose float twin the teacher is (default: the model that is trained)."})
    private Path teacherModel;

    @Option(names = "--teacher-weight", paramLabel = "X", defaultValue = "0.5", description = {
        "The teacher's share of the loss (default: ${DEFAULT-VALUE})."})
    private float teacherWeight;

    @Option(names = "--temperature", paramLabel = "X", defaultValue = "2", description = {
        "What scores are divided by for the teacher's part (default: ${DEFAULT-VALUE})."})
    private float temperature;

    @Mixin
    private TrainingOptions options;

    @Option(names = "--noise", paramLabel = "A..B", description = {
        "For a model of values and a step: add noise to examples as they are, its deviation growing geometrically from"
                + " A at the first step to B at the last: 0.01..10. The parameters file records it (default: that of"
                + " --start, or examples scaled so that their variance stays, as DDPM has it)."})
    private String noise;

    @Option(names = "--folds", paramLabel = "K", description = {
        "Write nothing, but train K times, each time without a K-th of the examples, and measure the compiled classes"
                + " on these."})
    private Integer folds;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", description = {
        "Repeat --folds with so many seeds (default: ${DEFAULT-VALUE})."})
    private int seeds;

    @Override
    public Integer call() {
        require(() -> options.settings(Integer.MAX_VALUE));
        if (folds != null && folds < 2 || seeds < 1) {
            throw new ParameterException(commandLine(), "--folds is at least 2, --seeds at least 1");
        }
        ProgressLines progress = new ProgressLines(console());
        Training training = Training.of(file()).data(data).testedBy(test).label(label).resizing(resize)
                .changed(contrast.contrast(commandLine())).to(output).floating(floating).packing(packed).startingFrom(
                        start)
                .resuming(resume).settings(options::settings).listener(progress);
        if (teacher != null) {
            training.taughtBy(teacherModel == null ? file() : ModelFile.find(teacherModel), teacher, teacherWeight,
                    temperature);
        } else if (teacherModel != null) {
            throw new ParameterException(commandLine(), "--teacher-model needs --teacher, the file of its parameters");
        }
        if (noise != null) {
            require(() -> training.noise(noise));
        }
        if (folds != null) {
            show(require(() -> training.validate(folds, options.seed(), seeds, seed -> options.settings(seed, 0))),
                    progress.warnings());
        } else {
            show(require(training::run));
        }
        return ExitCode.DONE;
    }

    private void show(CrossValidation result, List<Diagnostic> warnings) {
        if (json()) {
            Map<String, Object> entries = new LinkedHashMap<>();
            entries.put("model", result.model());
            entries.put("examples", result.examples());
            entries.put("folds", result.folds());
            entries.put("correct", result.correct());
            entries.put("accuracy", result.accuracy());
            entries.put("deviation", result.deviation());
            entries.put("different", result.different());
            print(entries, warnings);
        } else {
            console().out().println(result);
        }
    }

    private void show(Training.Result trained) {
        CompiledAgreement agreement = trained.agreement();
        boolean measured = !Double.isNaN(trained.heldOut().loss());
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", trained.model());
            result.put("file", trained.file().toString());
            result.put("heldOut", measured ? agreement.examples() : 0);
            result.put("heldOutLoss", finite(trained.heldOut().loss()));
            result.put("heldOutAccuracy", finite(trained.heldOut().accuracy()));
            result.put("compared", agreement.examples());
            result.put("different", agreement.different().size());
            trained.test().ifPresent(test -> {
                result.put("testCompared", test.examples());
                result.put("testDifferent", test.different().size());
            });
            print(result, trained.warnings());
            return;
        }
        console().out().println(trained.file() + (measured
                ? "  held out: " + agreement.examples() + " examples, " + trained.heldOut()
                : ""));
        if (agreement.examples() > 0) {
            console().out().println(agreement);
        }
        trained.test().ifPresent(test -> console().out().println("of the test part " + test));
    }

    private static Double finite(double number) {
        return Double.isNaN(number) ? null : number;
    }
}
