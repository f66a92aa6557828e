package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds the thresholds of a monotone chain into a quantizer by halving, for all channels and levels at once, and
 * holds them against the chain: at every value that can occur where there are few, else around every threshold.
 */
final class ThresholdSearch {
    /** Values checked on each side of a threshold where not all are. */
    private static final int MARGIN = 3;

    private final MonotoneChain chain;
    private final ThresholdDomain domain;
    private final ElementType.Code code;
    private final int step;
    private final int channels;

    ThresholdSearch(MonotoneChain chain, ThresholdDomain domain, ElementType.Code code) {
        this.chain = chain;
        this.domain = domain;
        this.code = code;
        this.step = code.bipolar() ? 2 : 1;
        this.channels = chain.channels();
    }

    /**
     * The constants of a {@link Operation.Threshold}; one row where all channels agree.
     *
     * @param thresholds [rows, levels]
     * @param directions [rows]
     */
    record Result(Tensor thresholds, Tensor.Integers directions, int base, int step, ElementType.Code code) {
        Operation.Threshold of(ValueId x, ValueId thresholdsId, ValueId directionsId) {
            return new Operation.Threshold(x, thresholdsId, directionsId, base, step, code);
        }
    }

    /**
     * @param most levels that are worth counting
     * @param exhaustive the most values, over all channels, that are all checked
     * @return nothing if the chain can give NaN, or has more levels
     * @throws IllegalStateException if the thresholds do not give the chain's codes
     */
    Optional<Result> find(int most, long exhaustive) {
        boolean[] rising = new boolean[channels];
        Optional<int[]> first = codes(fill(domain.first()), rising);
        Optional<int[]> last = codes(fill(domain.last()), rising);
        Optional<int[]> least = codes(fill(domain.least()), rising);
        Optional<int[]> greatest = codes(fill(domain.greatest()), rising);
        if (first.isEmpty() || last.isEmpty() || least.isEmpty() || greatest.isEmpty()) {
            return Optional.empty();
        }
        boolean[] falling = new boolean[channels];
        for (int c = 0; c < channels; c++) {
            falling[c] = last.get()[c] < first.get()[c];
        }
        int[] ends = IntStream.concat(Arrays.stream(least.get()), Arrays.stream(greatest.get())).sorted().toArray();
        int lowest = ends[0];
        int highest = ends[ends.length - 1];
        int base = Math.min(lowest, code.highest() - step);
        int levels = Math.max(1, (highest - base) / step);
        if (levels > most) {
            return Optional.empty();
        }
        Optional<long[]> found = search(falling, base, levels);
        if (found.isEmpty() || !domain.expresses(found.get())) {
            return Optional.empty();
        }
        Result result = result(found.get(), falling, base, levels);
        return holds(result, found.get(), falling, exhaustive) ? Optional.of(result) : Optional.empty();
    }

    /**
     * The least number whose code reaches each level, [levels, channels]; one beyond the last where none does. Nothing
     * where one on the way gives NaN, as 0 does times an infinite scale: between ends that are infinite the search
     * comes to it.
     */
    private Optional<long[]> search(boolean[] falling, int base, int levels) {
        long[] low = new long[levels * channels];
        long[] high = new long[levels * channels];
        Arrays.fill(low, domain.first());
        Arrays.fill(high, domain.last() + 1);
        while (!Arrays.equals(low, high)) {
            long[] middle = new long[low.length];
            for (int i = 0; i < low.length; i++) {
                middle[i] = Math.min(Math.floorDiv(low[i] + high[i], 2), domain.last());
            }
            Optional<int[]> codes = codes(middle, falling);
            if (codes.isEmpty()) {
                return Optional.empty();
            }
            for (int i = 0; i < low.length; i++) {
                if (codes.get()[i] >= base + step * (i / channels + 1)) {
                    high[i] = Math.min(high[i], middle[i]);
                } else {
                    low[i] = Math.max(low[i], middle[i] + 1);
                }
            }
        }
        return Optional.of(low);
    }

    private Result result(long[] found, boolean[] falling, int base, int levels) {
        int rows = uniform(found, falling) ? 1 : channels;
        long[] byChannel = new long[rows * levels];
        int[] directions = new int[rows];
        for (int c = 0; c < rows; c++) {
            directions[c] = falling[c] ? -1 : 1;
            for (int level = 0; level < levels; level++) {
                byChannel[c * levels + level] = found[level * channels + c];
            }
        }
        return new Result(domain.thresholds(byChannel, Shape.of(rows, levels)),
                new Tensor.Integers(Shape.of(rows), directions), base, step, code);
    }

    private boolean uniform(long[] found, boolean[] falling) {
        for (int i = 0; i < found.length; i++) {
            int channel = i % channels;
            if (found[i] != found[i - channel] || falling[channel] != falling[0]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether no value that was looked at gives NaN; all others are as the chain has them.
     *
     * @param found [levels, channels], around which values are looked at where these are more than {@code exhaustive}
     * @throws IllegalStateException if one has another code by the thresholds than by the chain
     */
    boolean holds(Result result, long[] found, boolean[] falling, long exhaustive) {
        long count = domain.greatest() - domain.least() + 1;
        if (count <= exhaustive / channels) {
            long[] numbers = new long[(int) count * channels];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = domain.least() + i / channels;
            }
            return holds(result, numbers, new boolean[channels]);
        }
        return IntStream.rangeClosed(-MARGIN, MARGIN)
                .allMatch(distance -> holds(result, near(found, distance), falling));
    }

    private long[] near(long[] found, int distance) {
        return Arrays.stream(found).map(n -> Math.max(domain.first(), Math.min(domain.last(), n + distance)))
                .toArray();
    }

    private boolean holds(Result result, long[] numbers, boolean[] falling) {
        Optional<int[]> codes = codes(numbers, falling);
        if (codes.isEmpty()) {
            return false;
        }
        int[] expected = codes.get();
        Tensor actual = Meaning.evaluate(result.of(null, null, null), null,
                List.of(domain.compared(numbers, falling), result.thresholds, result.directions));
        int highest = result.base + step * result.thresholds.shape().dimension(1);
        for (int i = 0; i < expected.length; i++) {
            // Values beyond those that can occur may have codes beyond those that can.
            int clamped = Math.max(result.base, Math.min(highest, expected[i]));
            if (((Tensor.Integers) actual).values()[i] != clamped) {
                throw new IllegalStateException("thresholds give " + ((Tensor.Integers) actual).values()[i]
                        + " where the chain gives " + expected[i] + " at element " + i + " of " + domain.values(numbers,
                                falling));
            }
        }
        return true;
    }

    private Optional<int[]> codes(long[] numbers, boolean[] falling) {
        return chain.evaluate(domain.values(numbers, falling));
    }

    private long[] fill(long number) {
        long[] numbers = new long[channels];
        Arrays.fill(numbers, number);
        return numbers;
    }
}
