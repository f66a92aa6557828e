package dev.tern.benchmarks.schedule;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobFolder;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Jobs;
import dev.tern.benchmarks.measure.Workspace;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.InitialParameters;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.MeasuredProduct;
import dev.tern.compiler.tuning.Tuner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Times every schedule that the compiler considers for a job or a model's layers, and prints them beside what the cost
 * model predicts: what {@link FitCosts} reads. The last line says how much its choices lose to the fastest.
 */
public final class CandidateTimes {
    private static final String TEXT = ".tern";

    private final Target target;
    private double worst;

    private CandidateTimes(Target target) {
        this.target = target;
    }

    /**
     * Measures.
     *
     * @param arguments a {@link MeasuredTarget}, then names of Tern files, whose parameters are random numbers, and a
     *        regular expression for jobs
     */
    public static void main(String[] arguments) throws IOException {
        CandidateTimes times = new CandidateTimes(MeasuredTarget.named(arguments[0]));
        System.out.println(TimedCandidate.HEAD);
        List<String> texts = Arrays.stream(arguments).skip(1).filter(name -> name.endsWith(TEXT)).toList();
        texts.forEach(text -> times.model(Path.of(text)));
        Optional<String> pattern = Arrays.stream(arguments).skip(1).filter(name -> !name.endsWith(TEXT)).findFirst();
        if (pattern.isPresent() || texts.isEmpty()) {
            times.jobs(Pattern.compile(pattern.orElse("")));
        }
        System.out.printf(Locale.ROOT, "# worst loss of the model's choice: %.1f%%%n", 100 * times.worst);
    }

    private void jobs(Pattern pattern) throws IOException {
        List<Job> jobs = Stream.concat(Jobs.all().stream(), FittingJobs.all().stream())
                .filter(job -> pattern.matcher(job.name()).find()).toList();
        try (Workspace workspace = Workspace.create()) {
            for (Job job : jobs) {
                measure(job.name(), Compilation.of(JobFolder.model(job, JobParameters.of(job), workspace.folder()),
                        HostTarget.of(target, "to be measured")));
            }
        }
    }

    private void model(Path text) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(text, diagnostics);
        AnalyzedModel numbered = model.withNumbers(new InitialParameters(model.graph(), 1));
        measure(text.getFileName().toString().replace(TEXT, ""), Compilation.of(ModelReader.bindSteps(numbered, text,
                diagnostics), model.layers(), HostTarget.of(target, "to be measured")));
    }

    private void measure(String name, Compilation compilation) {
        Tuner.measure(compilation.optimizedGraph(), target, (product, _, all) -> {
            print(all == 1 ? name : name + ":" + product.layer(), product);
            worst = Math.max(worst, product.loss());
        });
    }

    private static void print(String name, MeasuredProduct product) {
        TimedCandidate.of(name, product).forEach(System.out::println);
        System.out.printf(Locale.ROOT, "# %s: %s instead of %s, loses %.1f%%%n", name,
                product.byModel().candidate().schedule(), product.best().candidate().schedule(),
                100 * product.loss());
    }
}
