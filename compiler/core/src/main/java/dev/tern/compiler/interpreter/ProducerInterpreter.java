package dev.tern.compiler.interpreter;

import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.runtime.layout.BorderSums;
import dev.tern.runtime.layout.LookUpIndices;
import dev.tern.runtime.layout.WeightLayout;

/** Gives the channels of one output row. */
final class ProducerInterpreter {
    private final KernelProgram program;
    private final KernelArena arena;

    ProducerInterpreter(KernelProgram program, KernelArena arena) {
        this.program = program;
        this.arena = arena;
    }

    RowValues row(Producer producer, int row) {
        return switch (producer) {
            case Producer.Load p -> load(p, row);
            case Producer.LoadConstant p -> loadConstant(p, row);
            case Producer.PackedProduct p -> packed(p, row);
            case Producer.MultiplyProduct p -> p.floating() ? multiplyFloats(p, row) : multiplyInts(p, row);
            case Producer.TileProduct p -> tile(p, row);
            case Producer.Pool p -> p.floating() ? poolFloats(p, row) : poolInts(p, row);
        };
    }

    private RowValues load(Producer.Load p, int row) {
        int start = row * p.channels();
        if (p.floating()) {
            float[] values = new float[p.channels()];
            for (int c = 0; c < values.length; c++) {
                values[c] = arena.f32(p.input(), start + c);
            }
            return new RowValues.Floats(values);
        }
        if (ValueKind.of(p).equals(ValueKind.SUM)) {
            double[] sums = new double[p.channels()];
            for (int c = 0; c < sums.length; c++) {
                sums[c] = Double.longBitsToDouble(arena.i64(p.input(), start + c));
            }
            return new RowValues.Sums(sums);
        }
        int[] values = new int[p.channels()];
        for (int c = 0; c < values.length; c++) {
            values[c] = arena.integer(p.input(), start + c, p.elements());
        }
        return new RowValues.Ints(values);
    }

    private RowValues loadConstant(Producer.LoadConstant p, int row) {
        int start = row * p.channels();
        if (p.floating()) {
            float[] values = new float[p.channels()];
            System.arraycopy(floats(p.constant()), start, values, 0, values.length);
            return new RowValues.Floats(values);
        }
        int[] values = new int[p.channels()];
        for (int c = 0; c < values.length; c++) {
            values[c] = switch (program.constant(p.constant())) {
                case ConstantArray.Bytes bytes ->
                    p.code().signed() ? bytes.values()[start + c] : bytes.values()[start + c] & 255;
                case ConstantArray.Ints ints -> ints.values()[start + c];
                case ConstantArray.Floats f -> throw new IllegalStateException("floats as integers");
                case ConstantArray.Longs l -> throw new IllegalStateException("longs as integers");
            };
        }
        return new RowValues.Ints(values);
    }

    /** What the accumulators count, and what makes sums of products of it. */
    private RowValues packed(Producer.PackedProduct p, int row) {
        int[] accumulators = switch (p) {
            case Producer.PopcountProduct popcount -> popcount(popcount, row);
            case Producer.LookUpProduct lookUp -> lookUp(lookUp, row);
        };
        int zero = p.corrections().zero().map(id -> scalar(id, row)).orElse(0);
        int[] sums = ints(p.corrections().sums());
        for (int n = 0; n < p.channels(); n++) {
            accumulators[n] += sums[sums.length == 1 ? 0 : n];
            if (p.corrections().weightSums().isPresent()) {
                accumulators[n] -= zero * ints(p.corrections().weightSums().get())[n];
            }
            if (p.corrections().borderSums().isPresent()) {
                BorderSums border = p.window().borderSums(p.channels());
                int kind = border.lines().kind(row / p.window().outputWidth()) * border.columns().kinds() + border
                        .columns().kind(row % p.window().outputWidth());
                accumulators[n] += (p.corrections().paddingFactor() + zero) * ints(p.corrections().borderSums()
                        .get())[kind * p.channels() + n];
            }
        }
        return new RowValues.Ints(accumulators);
    }

    private int[] popcount(Producer.PopcountProduct p, int row) {
        long[][] planes = patch(p, row);
        ConstantArray weights = program.constant(p.weights());
        WeightLayout layout = p.bits().layout();
        int[] accumulators = new int[p.channels()];
        for (int n = 0; n < p.channels(); n++) {
            for (int plane = 0; plane < planes.length; plane++) {
                boolean top = plane == planes.length - 1;
                int coefficient = top && p.activation().signed() ? -(1 << plane) : 1 << plane;
                for (int word = 0; word < p.words(); word++) {
                    long a = planes[plane][word];
                    long first = word(weights, layout, 0, word, n);
                    accumulators[n] += switch (p.form()) {
                        case BINARY -> p.activation().bipolar()
                                ? -2 * Long.bitCount(a ^ first)
                                : coefficient * (2 * Long.bitCount(a & first) - Long.bitCount(a));
                        case TERNARY -> {
                            long second = word(weights, layout, 1, word, n);
                            yield p.activation().bipolar()
                                    ? -2 * Long.bitCount(first & (a ^ second))
                                    : coefficient * (Long.bitCount(a & first) - Long.bitCount(a & second));
                        }
                        case INTEGER -> {
                            int sum = 0;
                            for (int q = 0; q < p.bits().layout().planes(); q++) {
                                int count = Long.bitCount(a & word(weights, layout, q, word, n));
                                sum += q == p.bits().layout().planes() - 1 ? -(count << q) : count << q;
                            }
                            yield p.activation().bipolar() ? 2 * sum : coefficient * sum;
                        }
                    };
                }
            }
        }
        return accumulators;
    }

    private int[] lookUp(Producer.LookUpProduct p, int row) {
        byte[] weights = bytes(p.weights());
        int groups = p.lookUp().groups(p.inputChannels());
        int digits = p.lookUp().digits();
        int rowBytes = p.lookUp().rowBytes(p.inputChannels());
        int[] accumulators = new int[p.channels()];
        for (int n = 0; n < p.channels(); n++) {
            for (int lookUp = 0; lookUp < p.lookUps(); lookUp++) {
                int tables = p.window().paddedRow(row, lookUp / groups) * rowBytes;
                int index = weights[p.index(n, lookUp)];
                int first = lookUp % groups - LookUpIndices.inVector(lookUp % groups, p.lanes());
                for (int digit = 0; digit < digits; digit++) {
                    int entry = arena.i8(p.input(),
                            tables + p.lookUp().offset(first, digit) + index);
                    accumulators[n] += (entry & 255) << 4 * digit;
                }
            }
        }
        return accumulators;
    }

    /** The bits that an output row sees, by plane: tap after tap, the bits of those in the padding 0. */
    private long[][] patch(Producer.PopcountProduct p, int row) {
        int bits = p.activation().bits();
        int width = p.bits().word().bits();
        int wordsPerRow = (p.inputChannels() + width - 1) / width;
        long[][] planes = new long[bits][p.words()];
        for (int tap = 0; tap < p.window().geometry().taps(); tap++) {
            int from = p.window().inputRow(row, tap);
            for (int plane = 0; from >= 0 && plane < bits; plane++) {
                for (int c = 0; c < p.inputChannels(); c++) {
                    long word = arena.word(p.input(), (from * bits + plane) * wordsPerRow + c / width);
                    int target = tap * p.inputChannels() + c;
                    planes[plane][target / width] |= (word >>> c % width & 1) << target % width;
                }
            }
        }
        return planes;
    }

    private RowValues multiplyInts(Producer.MultiplyProduct p, int row) {
        byte[] weights = bytes(p.weights());
        int zero = p.zero().map(source -> zero(source, row)).orElse(0);
        int depth = p.inputChannels() / p.groups();
        int width = p.channels() / p.groups();
        int[] accumulators = new int[p.channels()];
        for (int n = 0; n < p.channels(); n++) {
            int sum = 0;
            for (int tap = 0; tap < p.window().geometry().taps(); tap++) {
                int from = p.window().inputRow(row, tap);
                for (int k = 0; k < depth; k++) {
                    int a = from < 0
                            ? padding(p)
                            : arena.code(p.input(), from * p.inputChannels() + n / width * depth + k, p.code()) - zero;
                    sum += a * weights[(tap * depth + k) * p.channels() + n];
                }
            }
            accumulators[n] = sum;
        }
        return new RowValues.Ints(accumulators);
    }

    private RowValues multiplyFloats(Producer.MultiplyProduct p, int row) {
        int zero = p.zero().map(source -> zero(source, row)).orElse(0);
        int depth = p.inputChannels() / p.groups();
        int width = p.channels() / p.groups();
        float[] accumulators = new float[p.channels()];
        for (int n = 0; n < p.channels(); n++) {
            float sum = 0;
            for (int tap = 0; tap < p.window().geometry().taps(); tap++) {
                int from = p.window().inputRow(row, tap);
                for (int k = 0; k < depth; k++) {
                    if (from < 0 && p.padding() == Padding.ZERO) {
                        continue;
                    }
                    int element = from * p.inputChannels() + n / width * depth + k;
                    float a = from < 0
                            ? padding(p)
                            : p.elements().floating()
                                    ? arena.f32(p.input(), element)
                                    : arena.code(p.input(), element, p.code()) - zero;
                    sum += a * weight(p.weights(), (tap * depth + k) * p.channels() + n);
                }
            }
            accumulators[n] = sum;
        }
        return new RowValues.Floats(accumulators);
    }

    private RowValues tile(Producer.TileProduct p, int row) {
        int depth = p.inputChannels() / p.groups();
        float[] floats = new float[p.channels()];
        int[] ints = new int[p.channels()];
        for (int n = 0; n < p.channels(); n++) {
            int channel = n;
            ints[n] = p.starts().map(id -> ((ConstantArray.Ints) program.constant(id)).values()[channel]).orElse(0);
            for (int k = 0; k < p.depth(); k++) {
                int from = p.window().paddedRow(row, k / depth) * p.pitch() + (p.depthwise() ? n : k % depth);
                float product = widened(p, from) * weight(p.weights(), k * p.channels() + n);
                floats[n] += product;
                ints[n] += (int) product;
            }
        }
        return p.floating() ? new RowValues.Floats(floats) : new RowValues.Ints(ints);
    }

    private float widened(Producer.TileProduct p, int value) {
        return switch (p.lane()) {
            case F32 -> arena.f32(p.input(), value);
            case I16 -> (short) (arena.i32(p.input(), value / 2) >> 16 * (value % 2));
            case I8 -> (short) arena.i32(p.input(), value);
        };
    }

    private float weight(ConstantId id, int element) {
        return switch (program.constant(id)) {
            case ConstantArray.Bytes bytes -> bytes.values()[element];
            case ConstantArray.Floats floats -> floats.values()[element];
            case ConstantArray.Ints i -> throw new IllegalStateException("ints as weights");
            case ConstantArray.Longs l -> throw new IllegalStateException("longs as weights");
        };
    }

    private static int padding(Producer.MultiplyProduct p) {
        return switch (p.padding()) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        };
    }

    private RowValues poolFloats(Producer.Pool p, int row) {
        float[] values = new float[p.channels()];
        // Those of a strip take the places of the one before.
        int rows = program.buffer(p.input()).length() / p.channels();
        for (int c = 0; c < p.channels(); c++) {
            int inside = 0;
            float greatest = Float.NEGATIVE_INFINITY;
            double sum = 0;
            for (int tap = 0; tap < p.window().geometry().taps(); tap++) {
                int from = p.window().inputRow(row, tap);
                if (from >= 0) {
                    float x = arena.f32(p.input(), from % rows * p.channels() + c);
                    greatest = Math.max(greatest, x);
                    sum += x;
                    inside++;
                }
            }
            values[c] = switch (p.kind()) {
                case MAX -> greatest;
                case AVERAGE -> (float) (sum / inside);
                case SUM -> throw new IllegalStateException("a sum of f32");
            };
        }
        return new RowValues.Floats(values);
    }

    private RowValues poolInts(Producer.Pool p, int row) {
        int[] values = new int[p.channels()];
        int rows = program.buffer(p.input()).length() / p.channels();
        for (int c = 0; c < p.channels(); c++) {
            int greatest = Integer.MIN_VALUE;
            int sum = 0;
            for (int tap = 0; tap < p.window().geometry().taps(); tap++) {
                int from = p.window().inputRow(row, tap);
                if (from >= 0) {
                    int x = arena.integer(p.input(), from % rows * p.channels() + c, p.elements());
                    greatest = Math.max(greatest, x);
                    sum += x;
                }
            }
            values[c] = switch (p.kind()) {
                case MAX -> greatest;
                case SUM -> sum;
                case AVERAGE -> throw new IllegalStateException("an average of integers");
            };
        }
        return new RowValues.Ints(values);
    }

    int zero(ZeroSource source, int row) {
        return switch (source) {
            case ZeroSource.Fixed fixed -> fixed.value();
            case ZeroSource.Measured measured -> arena.i32(measured.buffer(), measured.perRow() ? row : 0);
        };
    }

    private int scalar(BufferId id, int row) {
        return arena.i32(id, program.buffer(id).length() == 1 ? 0 : row);
    }

    private float[] floats(ConstantId id) {
        return ((ConstantArray.Floats) program.constant(id)).values();
    }

    private int[] ints(ConstantId id) {
        return ((ConstantArray.Ints) program.constant(id)).values();
    }

    /** A word of packed weights; four of 16 bits make one, as far as there are so many. */
    private static long word(ConstantArray weights, WeightLayout layout, int plane, int word, int channel) {
        if (!layout.shorts()) {
            return word(weights, layout.index(plane, word, channel));
        }
        long result = 0;
        for (int piece = 4 * word; piece < Math.min(4 * word + 4, layout.words()); piece++) {
            int index = layout.index(plane, piece, channel);
            result |= (word(weights, index / 4) >>> 16 * (index % 4) & 0xffff) << 16 * (piece % 4);
        }
        return result;
    }

    /** A word of packed bits, as the lowest bits of a long. */
    private static long word(ConstantArray words, int index) {
        return switch (words) {
            case ConstantArray.Longs longs -> longs.values()[index];
            case ConstantArray.Ints ints -> Integer.toUnsignedLong(ints.values()[index]);
            case ConstantArray.Floats f -> throw new IllegalStateException("floats as words");
            case ConstantArray.Bytes b -> throw new IllegalStateException("bytes as words");
        };
    }

    private byte[] bytes(ConstantId id) {
        return ((ConstantArray.Bytes) program.constant(id)).values();
    }
}
