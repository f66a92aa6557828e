package dev.tern.benchmarks;

import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.contender.Contenders;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Jobs;
import dev.tern.benchmarks.measure.Effort;
import dev.tern.benchmarks.measure.Measurement;
import dev.tern.benchmarks.measure.Rounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the jobs in the compiled models and in their peers, and writes a report. */
@Command(name = "tern bench --peers", mixinStandardHelpOptions = true, description = {
    "Times layers as Tern compiles them beside native code and other libraries, on one thread."})
public final class Main implements Callable<Integer> {
    @Option(names = "--job", paramLabel = "PATTERN", defaultValue = "", description = "Only jobs in whose names this regular expression is found.")
    private Pattern job;

    @Option(names = "--contender", paramLabel = "PATTERN", defaultValue = "", description = "Only contenders in whose names this regular expression is found.")
    private Pattern contender;

    @Option(names = "--quick", description = "One short round, for a look.")
    private boolean quick;

    @Option(names = "--list", description = "Only name the jobs and contenders.")
    private boolean list;

    @Option(names = "--output", paramLabel = "DIR", description = "Where the report and its chart go.")
    private Path output;

    /** Runs the command and exits. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Job> jobs = Jobs.all().stream().filter(one -> job.matcher(one.name()).find()).toList();
        List<Contender> contenders = Contenders.all().stream().filter(one -> contender.matcher(one.name()).find())
                .toList();
        if (list) {
            jobs.forEach(System.out::println);
            contenders.forEach(one -> System.out.println(one.name() + ": " + one.description()));
            return 0;
        }
        Path workspace = Files.createTempDirectory("tern-bench");
        List<Measurement> measurements = new Rounds(workspace, quick ? Effort.QUICK : Effort.FULL,
                System.err::println).measure(jobs, contenders);
        for (Measurement one : measurements) {
            System.out.println(one.job() + " " + one.contender() + " " + (one.ran()
                    ? String.format("%.3f us, %.1f GMAC/s, %.1f B", one.nanos() / 1e3,
                            Jobs.named(one.job()).shape().multiplyAdds() / one.nanos(), one.allocatedBytes())
                    : one.remark()));
        }
        return 0;
    }
}
