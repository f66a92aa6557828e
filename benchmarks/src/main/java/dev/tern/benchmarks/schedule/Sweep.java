package dev.tern.benchmarks.schedule;

import dev.tern.benchmarks.job.Activations;
import dev.tern.benchmarks.job.Activations.Dynamic;
import dev.tern.benchmarks.job.Activations.Floating;
import dev.tern.benchmarks.job.Activations.Sign;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobFolder;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.job.Weights;
import dev.tern.benchmarks.measure.Workspace;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ShortPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Tuner;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Times every family of kernels over shapes that lie beside each other, each by the schedule that the cost model would
 * take of it, and names those that fall behind their neighbours: what C2 gives up on shows as a cliff here, and so does
 * what allocates when it is warm.
 */
public final class Sweep {
    /** Layers of fewer multiply-adds are mostly something else. */
    private static final long LEAST_MULTIPLY_ADDS = 1_000_000;
    /** Of the median of its neighbours: what is slower is a cliff. */
    private static final double CLIFF = 2.0 / 3;
    /** So many make a median. */
    private static final int ENOUGH_NEIGHBOURS = 3;

    private static final List<Shape> SHAPES = List.of( //
            Shape.dense(1, 1024, 1024), Shape.dense(1, 1500, 1000), Shape.dense(1, 2560, 2560), //
            Shape.dense(1, 4096, 1024), Shape.dense(1, 512, 2048), Shape.dense(1, 2048, 2048), //
            Shape.dense(16, 256, 1024), Shape.dense(64, 1000, 300), Shape.dense(64, 1024, 1024), //
            Shape.conv(3, 16, 32, 24, 24), Shape.conv(3, 64, 64, 32, 32), Shape.conv(3, 96, 100, 20, 20), //
            Shape.conv(3, 128, 128, 16, 16), Shape.conv(3, 256, 256, 14, 14), Shape.conv(3, 512, 512, 7, 7), //
            Shape.conv(1, 64, 128, 25, 5), Shape.conv(1, 256, 256, 6, 6), //
            Shape.depthwise(3, 64, 48, 48), Shape.depthwise(3, 128, 32, 32), Shape.depthwise(3, 32, 64, 64), //
            Shape.depthwise(3, 256, 24, 24), Shape.depthwise(5, 96, 24, 24), Shape.depthwise(5, 64, 32, 32));

    private Sweep() {
    }

    /**
     * What one family of kernels reaches in one job.
     *
     * @param family of kernels, and the scheme
     * @param rows {@code one row}, {@code rows} or {@code depthwise}: what is comparable
     * @param speed billions of multiply-adds a second, by the fastest of the family's schedules
     * @param allocated bytes of an inference, when it is warm
     */
    record Point(String family, String rows, String job, long multiplyAdds, double speed, long allocated) {
        String neighbours() {
            return family + ", " + rows;
        }
    }

    /**
     * Measures.
     *
     * @param arguments a {@link MeasuredTarget}, and a regular expression for jobs, or files that this command wrote:
     *        then nothing is measured, but all of them are looked at together
     */
    public static void main(String[] arguments) throws IOException {
        Target target = MeasuredTarget.named(arguments[0]);
        List<String> others = List.of(arguments).subList(1, arguments.length);
        boolean files = !others.isEmpty() && others.stream().allMatch(name -> Files.isRegularFile(Path.of(name)));
        List<TimedCandidate> times = files
                ? TimedCandidate.read(target, others)
                : measure(target, Pattern.compile(others.isEmpty() ? "" : others.getFirst()));
        List<Point> points = jobs().stream().flatMap(job -> points(job, times).stream()).toList();
        points.forEach(point -> System.out.printf(Locale.ROOT, "%s\t%s\t%.1f GMAC/s\t%d bytes%n", point.job,
                point.family, point.speed, point.allocated));
        report(points, System.out);
    }

    static List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        for (Shape shape : SHAPES) {
            for (Weights weights : Weights.values()) {
                for (Activations activations : switch (weights) {
                    case BINARY, TERNARY -> List.of(new Sign(), new Dynamic(4), new Dynamic(8));
                    case INT8 -> List.<Activations>of(new Dynamic(8));
                    case FLOAT -> List.<Activations>of(new Floating());
                }) {
                    jobs.add(new Job("sweep", shape, weights, activations, false, false));
                }
            }
        }
        return jobs;
    }

    private static List<TimedCandidate> measure(Target target, Pattern pattern) throws IOException {
        List<TimedCandidate> times = new ArrayList<>();
        System.out.println(TimedCandidate.HEAD);
        try (Workspace workspace = Workspace.create()) {
            for (Job job : jobs().stream().filter(job -> pattern.matcher(job.name()).find()).toList()) {
                Compilation compilation = Compilation.of(JobFolder.model(job, JobParameters.of(job), workspace
                        .folder()), HostTarget.of(target, "to be measured"));
                Tuner.measure(compilation.optimizedGraph(), target, Sweep::cheapestOfEach, (product, _, _) -> {
                    List<TimedCandidate> measured = TimedCandidate.of(job.name(), product);
                    measured.forEach(System.out::println);
                    times.addAll(measured);
                });
            }
        }
        return times;
    }

    /** Of each family the schedule that the cost model would take. */
    private static List<CostModel.Candidate> cheapestOfEach(List<CostModel.Candidate> cheapestFirst) {
        Map<String, CostModel.Candidate> cheapest = new LinkedHashMap<>();
        cheapestFirst.forEach(candidate -> cheapest.putIfAbsent(kernels(candidate.schedule()), candidate));
        return List.copyOf(cheapest.values());
    }

    /** What the families of kernels reach in a job. */
    private static List<Point> points(Job job, List<TimedCandidate> times) {
        Map<String, Point> best = new LinkedHashMap<>();
        for (TimedCandidate time : times) {
            if (time.layer().equals(job.name())) {
                Point point = new Point(kernels(time.schedule()) + ", " + job.scheme(), rows(job.shape()), job.name(),
                        job.shape().multiplyAdds(), job.shape().multiplyAdds() / time.nanoseconds(), time.allocated());
                best.merge(point.family, point, (a, b) -> a.speed >= b.speed ? a : b);
            }
        }
        return List.copyOf(best.values());
    }

    static String rows(Shape shape) {
        return shape.kind() == Shape.Kind.DEPTHWISE ? "depthwise" : shape.pixels() == 1 ? "one row" : "rows";
    }

    private static String kernels(ProductSchedule schedule) {
        return switch (schedule) {
            case PopcountLoops _ -> "popcount loops";
            case PopcountPanels _ -> "popcount panels";
            case CarrySavePanels _ -> "carry-save panels";
            case ShortPanels _ -> "panels of shorts";
            case LookUps _ -> "look-ups";
            case Multiplications _ -> "multiply loops";
            case Lines _ -> "lines";
            case ChannelsFirst _ -> "channels first";
            case Tiles tiles -> switch (tiles.lane()) {
                case F32 -> "tiles";
                case I16 -> "tiles of shorts";
                case I8 -> "tiles of bytes";
            };
        };
    }

    /** Writes what falls behind its neighbours, and what allocates. @return how many lines of either */
    static int report(List<Point> points, PrintStream out) {
        int found = 0;
        for (Point point : points) {
            if (point.allocated > 0) {
                out.printf(Locale.ROOT, "# allocates: %s, %s: %d bytes an inference%n", point.job, point.family,
                        point.allocated);
                found++;
            }
            double[] speeds = points.stream().filter(other -> other.neighbours().equals(point.neighbours())
                    && other.multiplyAdds >= LEAST_MULTIPLY_ADDS).mapToDouble(Point::speed).sorted().toArray();
            if (point.multiplyAdds < LEAST_MULTIPLY_ADDS || speeds.length < ENOUGH_NEIGHBOURS) {
                continue;
            }
            double median = (speeds[(speeds.length - 1) / 2] + speeds[speeds.length / 2]) / 2;
            if (point.speed < CLIFF * median) {
                out.printf(Locale.ROOT, "# cliff: %s, %s: %.1f GMAC/s, half of its neighbours reach %.1f%n", point.job,
                        point.family, point.speed, median);
                found++;
            }
        }
        out.printf(Locale.ROOT, "# %d of %d times stand out%n", found, points.size());
        return found;
    }
}
