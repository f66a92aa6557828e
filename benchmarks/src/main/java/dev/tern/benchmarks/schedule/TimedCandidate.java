package dev.tern.benchmarks.schedule;

import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.MeasuredProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One way to compute a layer with what it takes: a line of a file, its cells parted by tabulators.
 *
 * @param layer a job's name, or a model's and a layer's path
 * @param predicted nanoseconds by the cost model
 * @param nanoseconds measured
 * @param allocated bytes of an inference, when it is warm
 */
record TimedCandidate(String layer, ProductShape shape, ProductSchedule schedule, double predicted, double nanoseconds,
        long allocated) {
    /** The first line. */
    static final String HEAD = "job\tshape\tschedule\tpredicted\tmeasured\tallocated";
    private static final int CELLS = 6;

    static List<TimedCandidate> of(String layer, MeasuredProduct product) {
        return product.times().stream().map(time -> new TimedCandidate(layer, product.shape(), time.candidate()
                .schedule(), time.candidate().nanoseconds(), time.nanoseconds(), time.allocated())).toList();
    }

    /** Those of files; lines of other kinds are left out, and schedules that are none any more. */
    static List<TimedCandidate> read(Target target, List<String> files) throws IOException {
        List<TimedCandidate> all = new ArrayList<>();
        for (String file : files) {
            Files.readAllLines(Path.of(file)).forEach(line -> of(target, line).ifPresent(all::add));
        }
        return all;
    }

    /** That of a line. */
    static Optional<TimedCandidate> of(Target target, String line) {
        String[] cells = line.split("\t");
        if (cells.length != CELLS || line.equals(HEAD)) {
            return Optional.empty();
        }
        ProductShape shape = ProductShape.of(cells[1]);
        return CostModel.candidates(shape, target).stream().map(CostModel.Candidate::schedule)
                .filter(one -> one.toString().equals(cells[2])).findFirst()
                .map(known -> new TimedCandidate(cells[0], shape, known, Double.parseDouble(cells[3]), Double
                        .parseDouble(cells[4]), Long.parseLong(cells[5])));
    }

    /** The line. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s\t%s\t%s\t%.0f\t%.0f\t%d", layer, shape, schedule, predicted,
                nanoseconds, allocated);
    }
}
