package dev.tern.benchmarks.measure;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.contender.TernContender;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Goes through all cases round by round, so that whatever the machine does meanwhile falls on all contenders alike.
 *
 * @param kept what is measured already
 * @param progress gets a line for each case
 */
public record Rounds(Path workspace, Effort effort, VectorWidth width, KeptSamples kept, Consumer<String> progress) {
    /** How the remark on a contender begins that fails or computes wrongly. */
    public static final String NOT_TIMED = "not timed: ";
    private static final double MOST_APART = 1.15;

    /**
     * What became of each case of these jobs and contenders, in their order. Nothing is timed that computes wrongly.
     */
    public List<Measurement> measure(List<Job> jobs, List<Contender> contenders) {
        Map<Case, String> remarks = new LinkedHashMap<>();
        for (Job job : jobs) {
            List<Contender> able = contenders.stream().filter(contender -> contender.takes(job)).toList();
            // What has been timed was right.
            boolean known = able.stream().noneMatch(contender -> kept.of(new Case(job, contender)).isEmpty());
            able.forEach(contender -> remarks.put(new Case(job, contender), ""));
            if (!known) {
                remarks.putAll(check(job, able));
            }
        }
        List<Case> cases = List.copyOf(remarks.keySet());
        Map<Case, List<Sample>> samples = new LinkedHashMap<>();
        cases.forEach(one -> samples.put(one, kept.of(one)));
        Forks forks = new Forks(workspace, effort, width);
        for (int round = 1; round <= effort.rounds() + effort.more(); round++) {
            int before = round - 1;
            boolean further = before >= effort.rounds();
            round(further
                    ? "further round " + (round - effort.rounds()) + " of " + effort.more()
                    : "round " + round + " of " + effort.rounds(), cases.stream().filter(one -> samples.get(one)
                            .size() == before && (!further || differ(samples.get(one)))).toList(), forks, samples,
                    remarks);
        }
        return cases.stream().map(one -> new Measurement(one.job().name(), one.contender().name(),
                samples.get(one), remarks.get(one))).toList();
    }

    private void round(String name, List<Case> cases, Forks forks, Map<Case, List<Sample>> samples,
            Map<Case, String> remarks) {
        int done = 0;
        for (Case one : cases) {
            done++;
            if (remarks.get(one).isEmpty()) {
                measure(forks, one, samples.get(one), remarks);
                progress.accept(name + ", " + done + " of " + cases.size() + ": " + one + " " + last(samples.get(one)));
            }
        }
    }

    /** Whether the rounds of a case are so far apart that the middle of few is chance. */
    private static boolean differ(List<Sample> samples) {
        DoubleSummaryStatistics nanos = samples.stream().mapToDouble(Sample::nanos).summaryStatistics();
        return samples.size() > 1 && nanos.getMax() > MOST_APART * nanos.getMin();
    }

    private static String last(List<Sample> samples) {
        return samples.isEmpty() ? "failed" : Math.round(samples.getLast().nanos()) + " ns";
    }

    private void measure(Forks forks, Case one, List<Sample> samples, Map<Case, String> remarks) {
        try {
            samples.add(forks.measure(one));
            kept.add(one, samples.getLast());
        } catch (Exception e) {
            samples.clear();
            remarks.put(one, NOT_TIMED + e.getMessage());
        }
    }

    /** Why each contender cannot do a job, or does it wrongly; empty where all is well. */
    private Map<Case, String> check(Job job, List<Contender> contenders) {
        JobParameters parameters = JobParameters.of(job);
        float[] expected = result(new TernContender(), job, parameters);
        Map<Case, String> remarks = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            if (contender instanceof TernContender) {
                continue;
            }
            String remark = contender.missing().orElseGet(() -> fault(contender, job, parameters, expected).map(
                    fault -> NOT_TIMED + fault).orElse(""));
            remarks.put(new Case(job, contender), remark);
            if (!remark.isEmpty()) {
                progress.accept(job.name() + " " + contender.name() + ": " + remark);
            }
        }
        return remarks;
    }

    private Optional<String> fault(Contender contender, Job job, JobParameters parameters, float[] expected) {
        try {
            return AgreementCheck.fault(contender.agreement(), expected, result(contender, job, parameters));
        } catch (IllegalStateException e) {
            return Optional.of("cannot do the job: " + e.getCause());
        }
    }

    private float[] result(Contender contender, Job job, JobParameters parameters) {
        try (Call call = contender.prepare(job, parameters, workspace)) {
            call.run();
            return call.result().clone();
        } catch (Exception | LinkageError e) {
            throw new IllegalStateException(contender.name() + " cannot do " + job.name(), e);
        }
    }
}
