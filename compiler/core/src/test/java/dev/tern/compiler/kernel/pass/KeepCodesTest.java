package dev.tern.compiler.kernel.pass;

import static dev.tern.compiler.kernel.pass.KernelSketch.TANH;
import static dev.tern.compiler.kernel.pass.KernelSketch.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which f32 values are kept as codes, and what the kernels around them become. */
class KeepCodesTest {
    private static final Code U4 = new Code(4, false);
    private static final Step QUANTIZE = new Step.Quantize(new ScaleSource.Fixed(0.5f), new ZeroSource.Fixed(3),
            new Grid(U4, Grid.Rule.MINMAX));
    private static final Step LESS_ZERO = new Step.SubtractZero(new ZeroSource.Fixed(3));
    private static final Step TO_FLOAT = new Step.ToFloat();

    private final KernelSketch builder = new KernelSketch();
    private final BufferId input = builder.input(2, 4);
    private final BufferId value = builder.value(2, 4);
    private final BufferId output = builder.output(2, 4);
    private final Step half = new Step.Multiply(builder.floats(0.5f));

    private KernelProgram after() {
        return new KeepCodes().apply(builder.build(), new Diagnostics());
    }

    private void leaves() {
        KernelProgram program = builder.build();
        assertThat(new KeepCodes().apply(program, new Diagnostics())).isSameAs(program);
    }

    private static List<List<Step>> epilogues(KernelProgram program) {
        return program.kernels().stream().map(kernel -> ((PixelKernel) kernel).epilogue()).toList();
    }

    /** Multiples of codes in {@link #value}. */
    private void make(Step store) {
        builder.load(input, 2, 4, QUANTIZE, LESS_ZERO, TO_FLOAT, half, store);
    }

    private void read() {
        builder.load(value, 2, 4, TANH, store(output, 4));
    }

    @Test
    void codesAreStoredAndMultipliedAgainWhereTheyAreRead() {
        make(store(value, 4));
        read();
        builder.load(input, 2, 4, new Step.WithBuffer(BinaryFunction.SUBTRACT, value, true, Spread.NONE),
                store(builder.output(2, 4), 4));
        KernelProgram after = after();
        BufferId codes = new BufferId(4);
        assertThat(after.buffers().getLast()).isEqualTo(new Buffer(codes, "b1 codes", Bank.I8, new Layout.Plain(2, 4),
                -1, Buffer.Role.VALUE));
        assertThat(epilogues(after)).containsExactly(List.of(QUANTIZE, store(codes, 4)),
                List.of(LESS_ZERO, TO_FLOAT, half, TANH, store(output, 4)),
                List.of(new Step.WithCodes(BinaryFunction.SUBTRACT, codes, U4, 3, 0.5f, true),
                        store(new BufferId(3), 4)));
        assertThat(((PixelKernel) after.kernels().get(1)).producer()).isEqualTo(new Producer.Load(codes, ValueKind.of(
                U4), 2, 4));
    }

    @Test
    void whatAnotherKindOfKernelMakesIsLeft() {
        builder.softmax(input, value, 2, 4);
        read();
        leaves();
    }

    @Test
    void whatIsNoMultipleIsLeft() {
        builder.load(input, 2, 4, TANH, store(value, 4));
        read();
        leaves();
    }

    @Test
    void multiplesByChannelAreLeft() {
        builder.load(input, 2, 4, QUANTIZE, TO_FLOAT, new Step.Multiply(builder.floats(1, 2, 3, 4)), store(value, 4));
        read();
        leaves();
    }

    @Test
    void whatAnotherKindOfKernelReadsIsLeft() {
        make(store(value, 4));
        builder.softmax(value, output, 2, 4);
        leaves();
    }

    @Test
    void whatIsReadAnotherWayIsLeft() {
        make(store(value, 4));
        builder.load(input, 2, 4, new Step.WithBuffer(BinaryFunction.ADD, value, false, Spread.OVER_ROWS),
                store(output, 4));
        leaves();
    }

    /** The codes' buffer of the first value, which cannot be kept so, is not left behind. */
    @Test
    void nothingIsLeftOfWhatWasTried() {
        make(store(value, 4));
        builder.softmax(value, output, 2, 4);
        BufferId second = builder.value(2, 4);
        make(store(second, 4));
        builder.load(second, 2, 4, TANH, store(builder.output(2, 4), 4));
        KernelProgram after = after();
        assertThat(after.buffers()).hasSize(6);
        assertThat(after.buffers().getLast().name()).isEqualTo("b3 codes");
    }

    @Test
    void codesThatAreStoredAlreadyAreTheOnesThatAreRead() {
        BufferId there = builder.buffer(Bank.I8, new Layout.Plain(2, 4), Buffer.Role.VALUE);
        builder.load(input, 2, 4, QUANTIZE, store(there, 4), LESS_ZERO, TO_FLOAT, half, store(value, 4));
        read();
        KernelProgram after = after();
        assertThat(after.buffers()).hasSize(4);
        assertThat(epilogues(after)).containsExactly(List.of(QUANTIZE, store(there, 4)),
                List.of(LESS_ZERO, TO_FLOAT, half, TANH, store(output, 4)));
    }

    @Test
    void codesOfAPoolThatAreStoredFirstOfAll() {
        BufferId before = builder.buffer(Bank.I8, new Layout.Plain(2, 4), Buffer.Role.VALUE);
        BufferId there = builder.buffer(Bank.I8, new Layout.Plain(2, 4), Buffer.Role.VALUE);
        BufferId scratch = builder.buffer(Bank.I32, new Layout.Plain(1, 4), Buffer.Role.SCRATCH);
        builder.load(input, 2, 4, QUANTIZE, store(before, 4));
        builder.pixel(new Producer.Pool(Producer.PoolKind.MAX, before, ValueKind.of(U4), Window.rows(2), 4, scratch),
                store(there, 4), TO_FLOAT, half, store(value, 4));
        read();
        KernelProgram after = after();
        assertThat(after.buffers()).hasSize(6);
        assertThat(epilogues(after)).containsExactly(List.of(QUANTIZE, store(before, 4)), List.of(store(there, 4)),
                List.of(TO_FLOAT, half, TANH, store(output, 4)));
    }

    @Test
    void codesThatAreLoadedNeedNotBeStoredAgain() {
        BufferId codes = builder.buffer(Bank.I8, new Layout.Plain(2, 4), Buffer.Role.VALUE);
        builder.load(input, 2, 4, QUANTIZE, store(codes, 4));
        builder.pixel(new Producer.Load(codes, ValueKind.of(U4), 2, 4), TO_FLOAT, half, store(value, 4));
        read();
        KernelProgram after = after();
        assertThat(after.buffers()).hasSize(4);
        assertThat(epilogues(after)).containsExactly(List.of(QUANTIZE, store(codes, 4)),
                List.of(TO_FLOAT, half, TANH, store(output, 4)));
    }

    @Test
    void multiplesThatAreStoredTwice() {
        BufferId second = builder.output(2, 4);
        builder.load(input, 2, 4, QUANTIZE, TO_FLOAT, half, store(second, 4), store(value, 4));
        read();
        assertThat(epilogues(after())).containsExactly(
                List.of(QUANTIZE, store(new BufferId(4), 4), TO_FLOAT, half, store(second, 4)),
                List.of(TO_FLOAT, half, TANH, store(output, 4)));
    }

    /** The value is stored before it is quantized; what is stored at the end are multiples for somebody else. */
    @Test
    void multiplesThatAreStoredElsewhereAreNotTheValue() {
        builder.load(input, 2, 4, TANH, store(value, 4), QUANTIZE, TO_FLOAT, half, store(builder.output(2, 4), 4));
        read();
        leaves();
    }

    @Test
    void rowsOfALongerRowAreLeft() {
        BufferId wide = builder.value(2, 8);
        make(new Step.StorePlain(wide, 8, 4));
        builder.load(wide, 2, 8, TANH, store(output, 8));
        leaves();
    }

    @Test
    void partsOfABufferAreLeft() {
        BufferId wide = builder.value(2, 8);
        make(store(wide, 4));
        builder.load(wide, 2, 8, TANH, store(output, 8));
        leaves();
    }

    @Test
    void rowsWithGapsAreLeft() {
        make(store(value, 8));
        read();
        leaves();
    }

    @Test
    void ofOneRowTheStrideIsNothing() {
        BufferId row = builder.value(1, 4);
        builder.load(input, 1, 4, QUANTIZE, TO_FLOAT, half, store(row, 9));
        builder.load(row, 1, 4, TANH, store(output, 4));
        assertThat(after().kernels()).hasSize(2);
        assertThat(after().buffers()).hasSize(5);
    }

    private Step[] long33(Step... last) {
        List<Step> steps = new ArrayList<>(Collections.nCopies(33, new Step.WithConstant(BinaryFunction.ADD,
                builder.floats(1), false)));
        steps.addAll(List.of(last));
        return steps.toArray(Step[]::new);
    }

    /** 33 times 25 bytes and a store are the most; what multiplies the codes does not fit beside. */
    @Test
    void aReaderThatWouldBeTooLongIsLeft() {
        make(store(value, 4));
        builder.load(value, 2, 4, long33(store(output, 4)));
        leaves();
    }

    @Test
    void aMakerThatIsTooLongIsLeft() {
        builder.load(input, 2, 4, long33(QUANTIZE, TO_FLOAT, half, store(value, 4)));
        read();
        leaves();
    }

    @Test
    void aRangeIsThatOfTheCodes() {
        make(store(value, 4));
        BufferId range = builder.output(1, 2);
        builder.add(new Kernel.MeasureRange("m", KernelSketch.ORIGIN, value, 2, 4, false, range));
        KernelProgram after = after();
        assertThat(after.kernels()).hasSize(3);
        BufferId extremes = new BufferId(5);
        assertThat(after.kernels().get(1)).isEqualTo(new Kernel.MeasureCodes("m_codes", KernelSketch.ORIGIN,
                new BufferId(4), U4, 2, 4, extremes));
        assertThat(after.kernels().getLast()).isEqualTo(PixelKernel.elementwise("m", KernelSketch.ORIGIN,
                new Producer.Load(extremes, ValueKind.of(U4), 1, 2),
                List.of(LESS_ZERO, TO_FLOAT, half, store(range, 2))));
    }

    @Test
    void aRangeIsMeasuredByChannelWhereMemoryIsShort() {
        make(store(value, 4));
        BufferId range = builder.output(1, 2);
        builder.add(new Kernel.MeasureRange("m", KernelSketch.ORIGIN, value, 2, 4, false, range));
        KernelProgram after = new KeepCodes().apply(builder.build(1), new Diagnostics());
        assertThat(after.kernels()).hasSize(3);
        assertThat(after.kernels().getLast()).isEqualTo(new Kernel.MeasureRange("m", KernelSketch.ORIGIN,
                new BufferId(5), 2, 4, false, range));
    }

    @Test
    void rangesOfRowsAreLeft() {
        make(store(value, 4));
        builder.add(new Kernel.MeasureRange("m", KernelSketch.ORIGIN, value, 2, 4, true, builder.output(2, 2)));
        leaves();
    }
}
