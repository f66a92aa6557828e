package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph.Budget;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.schedule.KernelSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.target.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Puts kernel programs together by hand; buffers lie one after the other. */
final class ProgramBuilder {
    private static final SourceFile SOURCE = new SourceFile("piece.tern", "one\ntwo\nthree\n");

    private final List<Buffer> buffers = new ArrayList<>();
    private final List<ConstantArray> constants = new ArrayList<>();
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<KernelProgram.Port> inputs = new ArrayList<>();
    private final List<KernelProgram.Port> outputs = new ArrayList<>();
    private final Map<Bank, Integer> ends = new EnumMap<>(Bank.class);
    private final Target target;
    private int wordsPerPass = 4;

    ProgramBuilder(Target target) {
        this.target = target;
    }

    Target target() {
        return target;
    }

    /** Origins on line 2 of {@code piece.tern}. */
    static Origin origin(String path) {
        return new Origin(path, new SourceSpan(SOURCE, 4, 7));
    }

    ProgramBuilder wordsPerPass(int words) {
        wordsPerPass = words;
        return this;
    }

    BufferId plain(Bank bank, int rows, int channels, Buffer.Role role) {
        return buffer(bank, new Layout.Plain(rows, channels), role);
    }

    BufferId planes(int rows, int channels, ElementType.Code code) {
        Word word = target.word();
        return buffer(Bank.of(word), new Layout.Planes(rows, channels, code, word), Buffer.Role.VALUE);
    }

    BufferId scratch(Bank bank, int length) {
        return buffer(bank, new Layout.Plain(1, length), Buffer.Role.SCRATCH);
    }

    private BufferId buffer(Bank bank, Layout layout, Buffer.Role role) {
        BufferId id = new BufferId(buffers.size());
        int end = ends.getOrDefault(bank, 0);
        buffers.add(new Buffer(id, role + id.toString(), bank, layout, end, role));
        ends.put(bank, end + layout.length());
        return id;
    }

    /** Words of the target, given as the lowest bits of longs. */
    ConstantId words(long... values) {
        return constant(switch (target.word()) {
            case BITS_32 -> new ConstantArray.Ints("words", Arrays.stream(values).mapToInt(word -> (int) word)
                    .toArray());
            case BITS_64 -> new ConstantArray.Longs("words", values);
        });
    }

    ConstantId ints(int... values) {
        return constant(new ConstantArray.Ints("ints", values));
    }

    ConstantId floats(float... values) {
        return constant(new ConstantArray.Floats("floats", values));
    }

    ConstantId bytes(byte... values) {
        return constant(new ConstantArray.Bytes("bytes", values));
    }

    private ConstantId constant(ConstantArray array) {
        constants.add(array);
        return new ConstantId(constants.size() - 1);
    }

    BufferId input(Bank bank, ElementType element, int rows, int channels) {
        BufferId id = plain(bank, rows, channels, Buffer.Role.INPUT);
        inputs.add(new KernelProgram.Port("input" + inputs.size(), id, element, Shape.of(rows, channels), List.of()));
        return id;
    }

    BufferId output(Bank bank, ElementType element, int rows, int channels) {
        BufferId id = plain(bank, rows, channels, Buffer.Role.OUTPUT);
        outputs.add(new KernelProgram.Port("output" + outputs.size(), id, element, Shape.of(rows, channels), List
                .of()));
        return id;
    }

    /** Where a fold leaves sums. */
    BufferId sums(int channels) {
        return plain(Bank.I64, 1, channels, Buffer.Role.VALUE);
    }

    /** Makes means of folded sums, which are an output. */
    void mean(BufferId sums, int count, int channels) {
        pixels("mean" + sums.index(), new Producer.Load(sums, ValueKind.SUM, 1, channels), new Step.Mean(count),
                new Step.StorePlain(output(Bank.F32, ElementType.F32, 1, channels), channels, 0));
    }

    void pixels(String name, Producer producer, Step... epilogue) {
        kernels.add(pixel(name, producer, epilogue));
    }

    /** The same for a kernel that is part of another. */
    Kernel.PixelKernel pixel(String name, Producer producer, Step... epilogue) {
        return new Kernel.PixelKernel(name, origin(name), producer, List.of(epilogue), schedule(producer));
    }

    private KernelSchedule schedule(Producer producer) {
        return switch (producer) {
            case Producer.PopcountProduct p -> p.inColumns()
                    ? new ProductSchedule.PopcountPanels(p.bits().layout().panelVectors(), 0, 1)
                    : new ProductSchedule.PopcountLoops(wordsPerPass);
            case Producer.LookUpProduct _ -> new ProductSchedule.LookUps(5, 1, 1);
            case Producer.TileProduct p -> new ProductSchedule.Tiles(2, 1, p.lane());
            case Producer.MultiplyProduct _ -> new ProductSchedule.Multiplications(wordsPerPass);
            case Producer.Load _,Producer.LoadConstant _,Producer.Pool _ -> KernelSchedule.PLAIN;
        };
    }

    void kernel(Kernel kernel) {
        kernels.add(kernel);
    }

    KernelProgram build() {
        return new KernelProgram("Piece", "", "/some/folder/piece.tern", buffers, constants, kernels, inputs, outputs,
                Budget.NONE, target);
    }
}
