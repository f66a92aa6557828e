package dev.tern.benchmarks.schedule;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobFolder;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Jobs;
import dev.tern.benchmarks.measure.Workspace;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.MeasuredProduct;
import dev.tern.compiler.tuning.Tuner;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Times every schedule that the compiler considers for a job, and prints them beside what the cost model predicts: what
 * its constants are fitted to. The last lines say how much its choices lose to the fastest.
 */
public final class CandidateTimes {
    private CandidateTimes() {
    }

    /**
     * Measures.
     *
     * @param arguments {@code portable}, {@code edge}, {@code 128}, {@code 256} or {@code 512}, and a regular
     * expression
     *        for jobs
     */
    public static void main(String[] arguments) throws IOException {
        Target target = switch (arguments[0]) {
            case "portable" -> Target.PORTABLE;
            case "edge" -> Target.EDGE;
            default -> Target.vector(Integer.parseInt(arguments[0]));
        };
        Pattern pattern = Pattern.compile(arguments.length > 1 ? arguments[1] : "");
        List<Job> jobs = Stream.concat(Jobs.all().stream(), FittingJobs.all().stream())
                .filter(job -> pattern.matcher(job.name()).find()).toList();
        double worst = 0;
        System.out.println("job\tshape\tschedule\tpredicted\tmeasured");
        try (Workspace workspace = Workspace.create()) {
            for (Job job : jobs) {
                Compilation compilation = Compilation.of(JobFolder.model(job, JobParameters.of(job),
                        workspace.folder()), HostTarget.of(target, "to be measured"));
                for (MeasuredProduct product : Tuner.measure(compilation.optimizedGraph(), target, (_, _, _) -> {
                })) {
                    print(job, product);
                    worst = Math.max(worst, product.loss());
                }
            }
        }
        System.out.printf(Locale.ROOT, "# worst loss of the model's choice: %.1f%%%n", 100 * worst);
    }

    private static void print(Job job, MeasuredProduct product) {
        for (MeasuredProduct.Time time : product.times()) {
            System.out.printf(Locale.ROOT, "%s\t%s\t%s\t%.0f\t%.0f%n", job.name(), product.shape(),
                    time.candidate().schedule(), time.candidate().nanoseconds(), time.nanoseconds());
        }
        System.out.printf(Locale.ROOT, "# %s: %s instead of %s, loses %.1f%%%n", job.name(),
                product.byModel().candidate().schedule(), product.best().candidate().schedule(),
                100 * product.loss());
    }
}
