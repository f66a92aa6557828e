package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ShortPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;

/** Which generator writes what: the one place where kernels, producers and steps meet those that write them. */
public final class Generators {
    private Generators() {
    }

    /** Adds the routines of a kernel to a program. */
    public static KernelRoutines write(ProgramScope scope, Kernel kernel) {
        return of(scope, kernel).routines();
    }

    private static KernelGenerator of(ProgramScope scope, Kernel kernel) {
        return switch (kernel) {
            case PixelKernel pixels -> pixels(scope, pixels);
            case Kernel.RowByRow pair -> new RowPairs(scope, pair, rows(scope, pair.first()), rows(scope, pair
                    .second()));
            case Kernel.PoolByStrips pair -> new StripPairs(scope, pair, pixels(scope, pair.first()), pixels(scope,
                    pair.second()));
            case Kernel.MeasureRange measure -> new Ranges(scope, measure);
            case Kernel.MeasureCodes measure -> new CodeRanges(scope, measure);
            case Kernel.DeriveScale derive -> new DerivedScales(scope, derive);
            case Kernel.TableLookUp lookUp -> new TableLookUps(scope, lookUp);
            case Kernel.RowStatistic statistic -> new RowStatistics(scope, statistic);
            case Kernel.MatrixProduct product -> new MatrixProducts(scope, product);
            case Kernel.Softmax softmax -> new Softmaxes(scope, softmax);
            case Kernel.ArgMax argMax -> new ArgMaxes(scope, argMax);
            case Kernel.StridedCopy copy -> new StridedCopies(scope, copy);
            case Kernel.OrPool pool -> new OrPools(scope, pool);
            case Kernel.WidenImage image -> new Images(scope, image);
            case Kernel.BuildTables tables -> new Tables(scope, tables);
        };
    }

    private static RowsGenerator pixels(ProgramScope scope, PixelKernel kernel) {
        if (kernel.schedule() instanceof Lines) {
            return new LineKernels(scope, kernel, (Producer.MultiplyProduct) kernel.producer());
        }
        if (kernel.schedule() instanceof ChannelsFirst) {
            return new ChannelKernels(scope, kernel, (Producer.MultiplyProduct) kernel.producer());
        }
        return switch (producer(scope, kernel)) {
            case RowProducer rows -> new PixelKernels(scope, kernel, rows);
            case ColumnProducer columns -> new ColumnKernels(scope, kernel, columns);
        };
    }

    private static PixelKernels rows(ProgramScope scope, PixelKernel kernel) {
        return new PixelKernels(scope, kernel, (RowProducer) producer(scope, kernel));
    }

    private static ProducerGenerator producer(ProgramScope scope, PixelKernel kernel) {
        return switch (kernel.producer()) {
            case Producer.Load load -> new LoadedValues(load);
            case Producer.LoadConstant load -> new LoadedConstants(load);
            case Producer.PopcountProduct product -> !product.inColumns()
                    ? new PopcountProducts(scope, kernel, product)
                    : switch (kernel.schedule()) {
                        case CarrySavePanels _ -> new CarrySaveProducts(scope, kernel, product);
                        case ShortPanels _ -> new ShortProducts(scope, kernel, product);
                        default -> new PanelProducts(scope, kernel, product);
                    };
            case Producer.LookUpProduct product -> new LookUpProducts(scope, kernel, product);
            case Producer.MultiplyProduct product -> new MultiplyProducts(scope, kernel, product);
            case Producer.TileProduct product -> product.depthwise()
                    ? DepthwiseTiles.of(scope, kernel, product)
                    : new TileProducts(scope, kernel, product);
            case Producer.Pool pool -> new Pools(scope, kernel, pool);
        };
    }

    /** @param producer whose values the step takes */
    static StepGenerator step(KernelProgram program, Producer producer, Step step) {
        return switch (step) {
            case Step.ToFloat() -> (_, _, flow, _) -> new Flow(toFloat(flow.value()));
            case Step.SubtractZero(var source) -> (at, _, flow, _) -> new Flow(flow.value().minus(Scales
                    .zeroBeforeLoops(at.routine(), source)));
            case Step.Multiply(var factors) -> (at, _, flow, n) -> new Flow(at.constant(factors, n).times(flow
                    .value()));
            case Step.Rescale rescale -> (at, _, flow, n) -> new Flow(at.rescaleFactor(rescale, n).times(flow.value()));
            case Step.Affine(var scale, var shift) -> (at, _, flow, n) -> new Flow(at.constant(scale, n).times(flow
                    .value()).plus(at.constant(shift, n)));
            case Step.Mean(var count) -> new OneByOne((_, _, flow, _) -> new Flow(MathFunction.DOUBLE_OF_BITS
                    .of(flow.value()).dividedBy(Value.of((double) count)).to(ValueType.FLOAT)));
            case Step.WithConstant(var function, var constants, var first) -> (at, _, flow, n) -> elementwise(function,
                    flow.value(), at.constant(constants, n), first);
            case Step.WithBuffer pair -> (at, _, flow, n) -> elementwise(pair.function(), flow.value(), at.other(pair,
                    n), pair.otherFirst());
            case Step.WithCodes pair -> new JoinedCodes(pair);
            case Step.Requantize requantize -> new Requantizer(program, requantize);
            case Step.LookUp(var table, var first, var _) -> new OneByOne((at, _, flow, _) -> new Flow(
                    at.routine().constant(table).at(flow.value().minus(first))));
            case Step.WithLookUp with -> new OneByOne((at, _, flow, n) -> new Flow(with.product()
                    ? flow.value().times(at.lookedUp(with, n))
                    : flow.value().plus(at.lookedUp(with, n))));
            case Step.AddShifted add -> new AddedCodes(add);
            case Step.AddInts add -> (at, _, flow, n) -> new Flow(flow.value().plus(at.integer(add, n)));
            case Step.Saturate(var _, var zero, var lowest, var highest) -> (_, _, flow, _) -> new Flow(
                    MathFunction.MAX_INT.of(Value.of(lowest), MathFunction.MIN_INT.of(Value.of(highest), flow.value()
                            .plus(Value.of(zero)))));
            case Step.Activation(var function) -> {
                StepGenerator activation = (at, block, flow, _) -> new Flow(ValueArithmetic.of(function, at.once(block,
                        flow.value())));
                yield function.hasVectorForm() ? activation : new OneByOne(activation);
            }
            case Step.Clip(var low, var high) -> (at, block, flow, _) -> new Flow(clip(at.once(block, flow.value()),
                    low, high));
            case Step.PRelu(var slope) -> (at, block, flow, n) -> {
                Value x = at.once(block, flow.value());
                return new Flow(x.atLeast(Value.of(0f)).choose(x, at.constant(slope, n).times(x)));
            };
            case Step.Threshold threshold -> {
                StepGenerator counted = (at, block, flow, n) -> at.quantizers().threshold(block, threshold, flow
                        .value(), n);
                yield byVectors(program, threshold) ? counted : new OneByOne(counted);
            }
            case Step.Quantize quantize -> (at, block, flow, _) -> new Flow(at.quantizers().quantize(block, quantize,
                    flow.value()));
            case Step.QuantizeToReal quantize -> (at, block, flow, _) -> new Flow(at.quantizers().quantizeToReal(block,
                    quantize, flow.value(), at.noNaN()));
            case Step.Sign() -> (at, block, flow, _) -> at.quantizers().sign(block, flow.value());
            case Step.Ternarize(var threshold) -> (at, block, flow, _) -> new Flow(at.quantizers().ternarize(at.once(
                    block, flow.value()), threshold));
            case Step.StorePlain store -> new PlainStore(store, program.buffer(store.output()).bank() == Bank.I8);
            case Step.Fold fold -> new FoldStore(fold);
            case Step.Peaks peaks -> new PeaksStore(peaks, program.buffer(peaks.output()).layout().channels());
            case Step.StorePlanes store -> new PlanesStore(store, producer,
                    new WordValues(program.target().word()));
        };
    }

    /** Ints as f32; what an exact sum in f32 was made an int of is that sum. */
    private static Value toFloat(Value ints) {
        return ints instanceof VectorValue.Convert(var _, var sum) && sum.type().equals(new ValueType.VectorOf(
                ValueType.FLOAT, ((ValueType.VectorOf) ints.type()).lanes()))
                        ? sum
                        : ints.to(ValueType.FLOAT);
    }

    /** A step that channels take one after the other. */
    private record OneByOne(StepGenerator step) implements StepGenerator {
        @Override
        public Flow apply(StepScope at, Block block, Flow flow, Value n) {
            return step.apply(at, block, flow, n);
        }

        @Override
        public boolean hasVectorForm() {
            return false;
        }
    }

    /** Whether vectors of channels can be compared; several levels must lie level by level for that. */
    private static boolean byVectors(KernelProgram program, Step.Threshold threshold) {
        return threshold.byLevel() || threshold.levels() <= 1
                || program.constant(threshold.thresholds()).length() <= threshold.levels();
    }

    static Flow elementwise(BinaryFunction function, Value value, Value other, boolean otherFirst) {
        return new Flow(otherFirst
                ? ValueArithmetic.of(function, other, value)
                : ValueArithmetic.of(function, value, other));
    }

    private static Value clip(Value value, float low, float high) {
        return value.lessThan(Value.of(low)).choose(Value.of(low),
                value.greaterThan(Value.of(high)).choose(Value.of(high), value));
    }
}
