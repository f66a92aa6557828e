package dev.tern.cli;

import dev.tern.cli.input.InputArguments;
import dev.tern.cli.output.LayerTable;
import dev.tern.cli.output.TimeTable;
import dev.tern.cli.report.Explanation;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.Stage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Shows what the compiler made of a model. */
@Command(name = "explain", description = {
    "Shows what the compiler makes of a model: each layer with its shape, schemes,"
            + " bytes of weights, multiply-adds, kernels, how its products are computed and what other ways are"
            + " predicted to take, and the passes that changed it. It tells of the code that bench and eval run on this"
            + " machine; run, which answers once, runs plain loops.", ""}, //
        footer = {"", "Examples:", "  tern explain models/digits",
            "  tern explain models/digits --after FuseThresholds",
            "  tern explain models/digits --html report.html --measure --data ../shared/data/mnist"})
final class ExplainCommand extends ModelCommand {
    @Option(names = "--after", paramLabel = "PASS", description = {
        "Print the program as this pass leaves it: 'Analyze' for the graph as written, 'Lower' for the first kernel"
                + " program, or the name of a pass; each of its rounds, where it runs more than once."})
    private String after;

    @Mixin
    private TargetOption target;

    @Option(names = "--dump", description = "Print the generated class as readable text.")
    private boolean dump;

    @Option(names = "--measure", description = {
        "Measure each layer in this JVM, beside what is predicted of it; takes some seconds."})
    private boolean measure;

    @Option(names = "--html", paramLabel = "FILE", description = {
        "Write all of it as a page that needs nothing beside it: the graph before and after the passes, to be moved"
                + " about, times, the arena, weights; with --data or --input what goes through each layer, and accuracy"
                + " where the data has classes."})
    private Path html;

    @Option(names = "--data", paramLabel = "PATH", description = {
        "Of --html: examples, as for tern eval or tern calibrate."})
    private Path data;

    @Option(names = "--label", paramLabel = "COLUMN", description = "Of --data: the column of a table with the class.")
    private String label;

    @Option(names = "--input", paramLabel = "[NAME=]VALUE", description = {
        "Of --html: one example, or several, as for tern run."})
    private List<String> inputs = List.of();

    @Option(names = "--resize", description = "Of --data and --input: make pictures of another size fit.")
    private boolean resize;

    @Override
    public Integer call() {
        if (after != null && dump) {
            throw new ParameterException(commandLine(), "--after and --dump print different things; give one of them");
        }
        if (html == null && (data != null || !inputs.isEmpty()) || data != null && !inputs.isEmpty()) {
            throw new ParameterException(commandLine(), html == null
                    ? "--data and --input are for the page that --html writes"
                    : "--data and --input are both examples; give one of them");
        }
        if (html != null && (after != null || dump)) {
            throw new ParameterException(commandLine(), "--html writes a page; --after and --dump print");
        }
        Compilation compilation = Compilation.of(file(),
                measure ? target.run(commandLine()) : target.shown(commandLine()));
        warn(compilation.warnings());
        if (html != null) {
            write(compilation);
        } else if (after != null) {
            show(compilation, rounds(compilation));
        } else if (dump) {
            show(compilation, compilation.hiddenClass().listing());
        } else if (json()) {
            Map<String, Object> table = LayerTable.toJson(compilation);
            if (measure) {
                table.put("times", TimeTable.toJson(compilation, compilation.layerNanos()));
            }
            print(table, compilation.warnings());
        } else {
            LayerTable.print(console(), compilation);
            if (measure) {
                console().out().println();
                TimeTable.print(console(), compilation, compilation.layerNanos());
            }
        }
        return ExitCode.DONE;
    }

    private void write(Compilation compilation) {
        Explanation explanation = Explanation.of(compilation).label(label).resizing(resize);
        if (data != null) {
            explanation.data(data);
        } else if (!inputs.isEmpty()) {
            explanation.inputs(String.join(" ", inputs),
                    InputArguments.batch(compilation.weights().signature(), inputs, resize));
        }
        if (measure) {
            explanation.measured();
        }
        explanation.write(html);
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", compilation.graph().name());
            result.put("page", html.toString());
            print(result, compilation.warnings());
        } else {
            console().out().println("wrote " + html);
        }
    }

    /** The program after the pass; of a pass that runs several times, after each of its rounds. */
    private String rounds(Compilation compilation) {
        List<Stage> rounds = compilation.stages().stream().filter(stage -> stage.pass().equalsIgnoreCase(after))
                .toList();
        if (rounds.isEmpty()) {
            throw new ParameterException(commandLine(),
                    "there is no pass '" + after + "'; there are " + compilation.stages().stream().map(Stage::pass)
                            .distinct().collect(Collectors.joining(", ")));
        }
        if (rounds.size() == 1) {
            return rounds.getFirst().text();
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rounds.size(); i++) {
            Stage round = rounds.get(i);
            // Where no round changes anything the program is still worth seeing.
            boolean shown = round.changed() || i == 0 && rounds.stream().noneMatch(Stage::changed);
            text.append("--- ").append(round.pass()).append(", round ").append(i + 1)
                    .append(round.changed() ? "" : ": nothing changed").append('\n')
                    .append(shown ? round.text() : "");
        }
        return text.toString();
    }

    private void show(Compilation compilation, String text) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", compilation.graph().name());
            result.put("text", List.of(text.split("\n")));
            print(result, compilation.warnings());
        } else {
            console().out().print(text);
        }
    }
}
