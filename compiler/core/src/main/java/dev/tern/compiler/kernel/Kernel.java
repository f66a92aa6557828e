package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation.Statistic;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.schedule.KernelSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One loop nest, run to its end before the next begins. */
public sealed interface Kernel {
    /** Unique in its program; a Java identifier, made from the layer's path. */
    String name();

    Origin origin();

    /** The same kernel with every id that it names looked up, in the order of its record. */
    Kernel map(KernelIds ids);

    /** The same kernel with another origin. */
    default Kernel withOrigin(Origin origin) {
        return switch (this) {
            case PixelKernel k -> new PixelKernel(k.name(), origin, k.producer(), k.epilogue(), k.schedule());
            case RowByRow k -> new RowByRow(k.first(), (PixelKernel) k.second().withOrigin(origin));
            case PoolByStrips k -> new PoolByStrips((PixelKernel) k.first().withOrigin(origin), k.second());
            case MeasureRange k -> new MeasureRange(k.name(), origin, k.input(), k.rows(), k.channels(), k.perRow(), k
                    .magnitudes(),
                    k.output());
            case MeasureCodes k -> new MeasureCodes(k.name(), origin, k.input(), k.elements(), k.rows(), k.channels(),
                    k.output());
            case DeriveScale k -> new DeriveScale(k.name(), origin, k.ranges(), k.count(), k.grid(), k.scale(),
                    k.zero());
            case TableLookUp k -> new TableLookUp(k.name(), origin, k.input(), k.rows(), k.table(), k.count(), k
                    .output());
            case RowStatistic k -> new RowStatistic(k.name(), origin, k.statistic(), k.input(), k.rows(), k.channels(),
                    k.output());
            case MatrixProduct k -> new MatrixProduct(k.name(), origin, k.left(), k.leftElements(), k.leftZero(),
                    k.right(), k.rightElements(), k.rightZero(), k.matrices(), k.rows(), k.depth(), k.channels(),
                    k.output());
            case Softmax k -> new Softmax(k.name(), origin, k.input(), k.rows(), k.channels(), k.output());
            case ArgMax k -> new ArgMax(k.name(), origin, k.input(), k.elements(), k.rows(), k.channels(), k.output());
            case StridedCopy k -> new StridedCopy(k.name(), origin, k.input(), k.output(), k.extents(),
                    k.inputStrides(), k.inputOffset(), k.outputStrides(), k.outputOffset());
            case OrPool k -> new OrPool(k.name(), origin, k.input(), k.window(), k.channels(), k.output());
            case WidenImage k -> new WidenImage(k.name(), origin, k.input(), k.elements(), k.image(), k
                    .channels(), k.zero(), k.margin(), k.pitch(), k.lane(), k.output());
            case BuildTables k -> new BuildTables(k.name(), origin, k.input(), k.image(), k.channels(), k.form(),
                    k.margin(), k.output());
        };
    }

    /** For each output row: the producer's channels through the epilogue. Every epilogue ends in a store. */
    record PixelKernel(String name, Origin origin, Producer producer, List<Step> epilogue, KernelSchedule schedule)
            implements
                Kernel {
        public PixelKernel {
            epilogue = List.copyOf(epilogue);
        }

        /** A kernel that takes what is in a buffer through an epilogue, row by row. */
        public static PixelKernel elementwise(String name, Origin origin, Producer.Load load, List<Step> epilogue) {
            return new PixelKernel(name, origin, load, epilogue, KernelSchedule.PLAIN);
        }

        /** Whether it gives one whole row after the other, and not columns, parts of lines or several lines. */
        public boolean byRows() {
            return producer.byRows() && !byLines() && !(schedule instanceof ChannelsFirst);
        }

        /** Whether it computes parts of lines. */
        public boolean byLines() {
            return schedule instanceof Lines;
        }

        /** Whether two lines share each f32. */
        public boolean linesShared() {
            return schedule instanceof Lines lines && lines.pairs();
        }

        /** The same by lines that share each f32. @param base what the second one's codes count, 0 if none does */
        public PixelKernel withLinesShared(int base) {
            return new PixelKernel(name, origin, producer, epilogue, new Lines(base));
        }

        /** Whether it computes several lines together, of which it leaves none before it has all. */
        public boolean severalLines() {
            return schedule instanceof ChannelsFirst;
        }

        public PixelKernel withEpilogue(List<Step> newEpilogue) {
            return new PixelKernel(name, origin, producer, newEpilogue, schedule);
        }

        public PixelKernel withSchedule(KernelSchedule newSchedule) {
            return new PixelKernel(name, origin, producer, epilogue, newSchedule);
        }

        /** The same kernel with one more step at its end. */
        public PixelKernel followedBy(Step step) {
            List<Step> steps = new ArrayList<>(epilogue);
            steps.add(step);
            return withEpilogue(steps);
        }

        /**
         * The same kernel with only those of its stores whose buffers are wanted, and without the steps after the last
         * of them, which served none; empty if it would store nothing.
         */
        public Optional<PixelKernel> storing(Predicate<BufferId> wanted) {
            List<Step> steps = new ArrayList<>(epilogue);
            steps.removeIf(step -> step instanceof Step.Store store && !wanted.test(store.output()));
            while (!steps.isEmpty() && !(steps.getLast() instanceof Step.Store)) {
                steps.removeLast();
            }
            return steps.isEmpty() ? Optional.empty() : Optional.of(withEpilogue(steps));
        }

        /** Whether the values at the end of the epilogue have gone through a relu. */
        public boolean rectified() {
            return epilogue.reversed().stream().filter(step -> !(step instanceof Step.Store)).findFirst()
                    .filter(new Step.Activation(ElementFunction.RELU)::equals).isPresent();
        }

        @Override
        public PixelKernel map(KernelIds ids) {
            return new PixelKernel(name, origin, producer.map(ids), epilogue.stream().map(step -> step.map(ids))
                    .toList(), schedule);
        }
    }

    /** Two kernels that take turns, the second with what the first has just stored. */
    sealed interface Pair extends Kernel {
        /** Stores to {@link #between} alone, at the end of its epilogue. */
        PixelKernel first();

        PixelKernel second();

        /** What the first kernel hands to the second: scratch. */
        default BufferId between() {
            return ((Step.StorePlain) first().epilogue().getLast()).output();
        }

        /** What lies between the two is written and read within the kernel, as scratch is. */
        private KernelIds inside(KernelIds ids) {
            BufferId between = between();
            return new KernelIds() {
                @Override
                public BufferId read(BufferId id) {
                    return id.equals(between) ? ids.scratch(id) : ids.read(id);
                }

                @Override
                public BufferId write(BufferId id) {
                    return id.equals(between) ? ids.scratch(id) : ids.write(id);
                }

                @Override
                public BufferId scratch(BufferId id) {
                    return ids.scratch(id);
                }

                @Override
                public ConstantId constant(ConstantId id) {
                    return ids.constant(id);
                }
            };
        }
    }

    /**
     * Two kernels of equally many rows: of each row the first one's, then the second one's, which finds in
     * {@link #between} what the first has just stored, and nothing of other rows.
     *
     * @param first stores with a row stride of 0
     */
    record RowByRow(PixelKernel first, PixelKernel second) implements Pair {
        @Override
        public String name() {
            return second.name();
        }

        @Override
        public Origin origin() {
            return second.origin();
        }

        @Override
        public RowByRow map(KernelIds ids) {
            KernelIds inside = ((Pair) this).inside(ids);
            return new RowByRow(first.map(inside), second.map(inside));
        }
    }

    /**
     * A kernel and the pool of what it makes, whose windows lie one under the other: the lines that one line of the
     * pool is made of, then that line. What lies between is these lines; the first kernel stores its rows, and the
     * second finds them, at their number modulo that of all rows of a strip.
     *
     * @param second a pool without padding above or below, whose windows do not overlap from line to line
     */
    record PoolByStrips(PixelKernel first, PixelKernel second) implements Pair {
        /** Rows of the first kernel between two lines of the second. */
        public int stripRows() {
            Window window = ((Producer.Pool) second.producer()).window();
            return window.geometry().kernelHeight() * window.inputWidth();
        }

        /** Strips of an inference: lines of the pool. */
        public int strips() {
            return ((Producer.Pool) second.producer()).window().outputHeight();
        }

        @Override
        public String name() {
            return first.name();
        }

        /** Most of the work is the first kernel's. */
        @Override
        public Origin origin() {
            return first.origin();
        }

        @Override
        public PoolByStrips map(KernelIds ids) {
            KernelIds inside = ((Pair) this).inside(ids);
            return new PoolByStrips(first.map(inside), second.map(inside));
        }
    }

    /**
     * Lowest and highest element: F32 [rows, channels] to F32 [2], or to [rows, 2].
     *
     * @param magnitudes whether the greatest magnitude m is measured instead: -m and m
     */
    record MeasureRange(String name, Origin origin, BufferId input, int rows, int channels, boolean perRow,
            boolean magnitudes, BufferId output) implements Kernel {
        /** Of the lowest and the highest. */
        public MeasureRange(String name, Origin origin, BufferId input, int rows, int channels, boolean perRow,
                BufferId output) {
            this(name, origin, input, rows, channels, perRow, false, output);
        }

        /** The same of magnitudes. */
        public MeasureRange ofMagnitudes() {
            return new MeasureRange(name, origin, input, rows, channels, perRow, true, output);
        }

        @Override
        public MeasureRange map(KernelIds ids) {
            return new MeasureRange(name, origin, ids.read(input), rows, channels, perRow, magnitudes, ids.write(
                    output));
        }
    }

    /** Lowest and highest of all codes: I8 [rows, channels] to I8 [2]. @param elements what both are */
    record MeasureCodes(String name, Origin origin, BufferId input, ElementType.Code elements, int rows, int channels,
            BufferId output) implements Kernel {
        @Override
        public MeasureCodes map(KernelIds ids) {
            return new MeasureCodes(name, origin, ids.read(input), elements, rows, channels, ids.write(output));
        }
    }

    /**
     * Scales, and zero points where wanted, of {@code count} ranges. Of a range low..high and a grid with the codes
     * lowest..highest: {@code scale = max(|low|, |high|) / highest} and no zero point by absmax;
     * {@code scale = (max(high, 0) - min(low, 0)) / (highest - lowest)} and
     * {@code zero = clamp(rint(-min(low, 0) / scale))} by minmax; bit by bit as
     * {@link dev.tern.compiler.graph.meaning.RangeArithmetic} computes them.
     *
     * @param ranges F32 Plain [count x 2], lowest and highest
     * @param scale F32 Plain [count]
     * @param zero I32 Plain [count]
     */
    record DeriveScale(String name, Origin origin, BufferId ranges, int count, Grid grid, Optional<BufferId> scale,
            Optional<BufferId> zero) implements Kernel {
        @Override
        public DeriveScale map(KernelIds ids) {
            return new DeriveScale(name, origin, ids.read(ranges), count, grid, scale.map(ids::write),
                    zero.map(ids::write));
        }
    }

    /**
     * {@code output[r * count + i] = table[input[r] * count + i]} for r below rows and i below count.
     *
     * @param input I32 [rows]
     * @param table Floats, entries one after the other
     * @param output F32 [rows, count]
     */
    record TableLookUp(String name, Origin origin, BufferId input, int rows, ConstantId table, int count,
            BufferId output) implements Kernel {
        @Override
        public TableLookUp map(KernelIds ids) {
            return new TableLookUp(name, origin, ids.read(input), rows, ids.constant(table), count, ids.write(output));
        }
    }

    /** A number of each row: F32 [rows, channels] to F32 [rows]. */
    record RowStatistic(String name, Origin origin, Statistic statistic, BufferId input, int rows, int channels,
            BufferId output) implements Kernel {
        @Override
        public RowStatistic map(KernelIds ids) {
            return new RowStatistic(name, origin, statistic, ids.read(input), rows, channels, ids.write(output));
        }
    }

    /**
     * Products of matrices that are both known at run time: {@code output[b][m][n]} is the sum over k ascending of
     * {@code (left[b][m][k] - leftZero) * (right[b][k][n] - rightZero)}, in f32 from +0, or of codes exact.
     *
     * @param left Plain [matrices, rows, depth], F32 or I8
     * @param right Plain [matrices, depth, channels], of the same bank
     * @param output Plain [matrices, rows, channels], F32 of f32 and I32 of codes
     */
    record MatrixProduct(String name, Origin origin, BufferId left, ValueKind leftElements,
            Optional<Step.ZeroSource> leftZero, BufferId right, ValueKind rightElements,
            Optional<Step.ZeroSource> rightZero, int matrices, int rows, int depth, int channels,
            BufferId output) implements Kernel {
        public boolean floating() {
            return leftElements.floating();
        }

        @Override
        public MatrixProduct map(KernelIds ids) {
            return new MatrixProduct(name, origin, ids.read(left), leftElements, leftZero.map(zero -> zero.map(ids)),
                    ids.read(right), rightElements, rightZero.map(zero -> zero.map(ids)), matrices, rows, depth,
                    channels, ids.write(output));
        }
    }

    /** A row at a time; F32 to F32. */
    record Softmax(String name, Origin origin, BufferId input, int rows, int channels, BufferId output)
            implements
                Kernel {
        @Override
        public Softmax map(KernelIds ids) {
            return new Softmax(name, origin, ids.read(input), rows, channels, ids.write(output));
        }
    }

    /**
     * The first greatest of each row.
     *
     * @param input F32, I32 or I8
     * @param output I32 [rows]
     */
    record ArgMax(String name, Origin origin, BufferId input, ValueKind elements, int rows, int channels,
            BufferId output) implements Kernel, ValueKind.Reader {
        @Override
        public ArgMax map(KernelIds ids) {
            return new ArgMax(name, origin, ids.read(input), elements, rows, channels, ids.write(output));
        }
    }

    /**
     * Copies between Plain buffers of one bank: for every index of {@code extents} (outermost first) the element at
     * inputOffset + sum of index * inputStrides to outputOffset + sum of index * outputStrides. A stride of 0
     * broadcasts; one of the input may be negative.
     */
    record StridedCopy(String name, Origin origin, BufferId input, BufferId output, List<Integer> extents,
            List<Integer> inputStrides, int inputOffset, List<Integer> outputStrides, int outputOffset)
            implements
                Kernel {
        public StridedCopy {
            extents = List.copyOf(extents);
            inputStrides = List.copyOf(inputStrides);
            outputStrides = List.copyOf(outputStrides);
        }

        @Override
        public StridedCopy map(KernelIds ids) {
            return new StridedCopy(name, origin, ids.read(input), ids.write(output), extents, inputStrides,
                    inputOffset, outputStrides, outputOffset);
        }
    }

    /** Max pooling of one-bit codes: the OR of each window's words. Both buffers are Planes of one bit. */
    record OrPool(String name, Origin origin, BufferId input, Window window, int channels, BufferId output)
            implements
                Kernel {
        @Override
        public OrPool map(KernelIds ids) {
            return new OrPool(name, origin, ids.read(input), window, channels, ids.write(output));
        }
    }

    /**
     * Sums of products for every index that weights can have, for each group of neighbouring codes of a row and each
     * digit, see {@link LookUpForm}. Digits of codes past the last channel count as 0.
     *
     * @param input I8 Plain [image.inside()][channels], codes of the form's type
     * @param margin the code that all channels have in the margin of the image
     * @param output I8 Plain [image.rows()][{@link LookUpForm#rowBytes}]; entries past the form's are not read
     */
    record BuildTables(String name, Origin origin, BufferId input, PaddedImage image, int channels, LookUpForm form,
            int margin, BufferId output) implements Kernel {
        @Override
        public BuildTables map(KernelIds ids) {
            return new BuildTables(name, origin, ids.read(input), image, channels, form, margin, ids.write(output));
        }
    }

    /**
     * Codes or f32 as f32, or codes in 16 bits, with their padding around them: a code less its zero point, in the
     * margin a number that is the same everywhere. Elements of the output past the channels of a pixel are 0.
     *
     * @param input Plain [image.inside()][channels]: I8 codes or F32
     * @param zero one for all, or measured per pixel of an image without a margin; absent for f32
     * @param margin the value that all channels have in the margin of the image
     * @param pitch values from one pixel of the output to the next
     * @param lane what reads the output. F32: an element is a value. I16: a pair of neighbouring values, the first in
     *        the lower 16 bits; the pitch is even then. I8: a value in the lower 16 bits and again in the upper; the
     *        pitch is that of the channels
     * @param output F32 Plain [image.rows()][pitch]; I32 Plain [image.rows()][pitch / 2] for I16, [pitch] for I8
     */
    record WidenImage(String name, Origin origin, BufferId input, ValueKind elements, PaddedImage image, int channels,
            Optional<Step.ZeroSource> zero, int margin, int pitch, Lane lane, BufferId output)
            implements
                Kernel,
                ValueKind.Reader {
        /** Elements of the output from one pixel to the next. */
        public int pixelElements() {
            return lane == Lane.I16 ? pitch / 2 : pitch;
        }

        @Override
        public WidenImage map(KernelIds ids) {
            return new WidenImage(name, origin, ids.read(input), elements, image, channels, zero.map(source -> source
                    .map(ids)), margin, pitch, lane, ids.write(output));
        }
    }
}
