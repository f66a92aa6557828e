package dev.tern.compiler.interpreter;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a kernel program as its records say, one element at a time: the definition of the packed arithmetic, against
 * which both the graph's oracle and the generated classes are tested.
 */
public final class KernelInterpreter {
    private final KernelProgram program;
    private final KernelArena arena;
    private final ProducerInterpreter producers;
    private final EpilogueInterpreter epilogues;

    private KernelInterpreter(KernelProgram program) {
        this.program = program;
        arena = new KernelArena(program);
        producers = new ProducerInterpreter(program, arena);
        epilogues = new EpilogueInterpreter(program, arena);
    }

    /**
     * The outputs for inputs in the order of the signature.
     *
     * @throws IllegalArgumentException if number, kind or shape of the inputs is not the program's
     */
    public static List<Tensor> run(KernelProgram program, List<Tensor> inputs) {
        if (inputs.size() != program.inputs().size()) {
            throw new IllegalArgumentException(inputs.size() + " inputs for " + program.inputs().size());
        }
        KernelInterpreter interpreter = new KernelInterpreter(program);
        for (int i = 0; i < inputs.size(); i++) {
            interpreter.write(program.inputs().get(i), inputs.get(i));
        }
        for (Kernel kernel : program.kernels()) {
            interpreter.run(kernel);
        }
        List<Tensor> outputs = new ArrayList<>();
        program.outputs().forEach(port -> outputs.add(interpreter.read(port)));
        return outputs;
    }

    private void write(KernelProgram.Port port, Tensor tensor) {
        if (!tensor.shape().equals(port.shape())
                || tensor instanceof Tensor.Floats != (port.element() instanceof ElementType.F32)) {
            throw new IllegalArgumentException(tensor + " for input " + port);
        }
        switch (tensor) {
            case Tensor.Floats floats -> {
                for (int i = 0; i < floats.values().length; i++) {
                    arena.f32(port.buffer(), i, floats.values()[i]);
                }
            }
            case Tensor.Integers integers -> {
                boolean codes = program.buffer(port.buffer()).bank() == Bank.I8;
                for (int i = 0; i < integers.values().length; i++) {
                    if (codes) {
                        arena.code(port.buffer(), i, integers.values()[i]);
                    } else {
                        arena.i32(port.buffer(), i, integers.values()[i]);
                    }
                }
            }
        }
    }

    private Tensor read(KernelProgram.Port port) {
        ValueKind kind = ValueKind.of(port.element());
        int length = port.shape().elements();
        if (kind.floating()) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = GraphInterpreter.oneNaN(arena.f32(port.buffer(), i));
            }
            return new Tensor.Floats(port.shape(), values);
        }
        int[] values = new int[length];
        for (int i = 0; i < length; i++) {
            values[i] = arena.integer(port.buffer(), i, kind);
        }
        return new Tensor.Integers(port.shape(), values);
    }

    private void run(Kernel kernel) {
        switch (kernel) {
            case Kernel.PixelKernel k -> run(k);
            case Kernel.RowByRow k -> {
                begin(k.second());
                for (int row = 0; row < k.second().producer().rows(); row++) {
                    run(k.first(), row);
                    run(k.second(), row);
                }
            }
            case Kernel.PoolByStrips k -> {
                begin(k.second());
                int line = k.second().producer().rows() / k.strips();
                for (int strip = 0; strip < k.strips(); strip++) {
                    for (int row = 0; row < k.stripRows(); row++) {
                        run(k.first(), strip * k.stripRows() + row);
                    }
                    for (int row = 0; row < line; row++) {
                        run(k.second(), strip * line + row);
                    }
                }
            }
            case Kernel.MeasureRange k -> run(k);
            case Kernel.MeasureCodes k -> run(k);
            case Kernel.DeriveScale k -> run(k);
            case Kernel.TableLookUp k -> {
                ConstantArray.Floats table = (ConstantArray.Floats) program.constant(k.table());
                for (int i = 0; i < k.rows() * k.count(); i++) {
                    arena.f32(k.output(), i,
                            table.values()[arena.i32(k.input(), i / k.count()) * k.count() + i % k.count()]);
                }
            }
            case Kernel.RowStatistic k -> run(k);
            case Kernel.MatrixProduct k -> run(k);
            case Kernel.Softmax k -> run(k);
            case Kernel.ArgMax k -> run(k);
            case Kernel.StridedCopy k -> copy(k, 0, k.inputOffset(), k.outputOffset());
            case Kernel.OrPool k -> run(k);
            case Kernel.BuildTables k -> run(k);
            case Kernel.WidenImage k -> run(k);
        }
    }

    private void run(Kernel.PixelKernel kernel) {
        begin(kernel);
        for (int row = 0; row < kernel.producer().rows(); row++) {
            run(kernel, row);
        }
    }

    private void begin(Kernel.PixelKernel kernel) {
        for (Step step : kernel.epilogue()) {
            if (step instanceof Step.Store store) {
                epilogues.begin(store);
            }
        }
    }

    private void run(Kernel.PixelKernel kernel, int row) {
        RowValues values = producers.row(kernel.producer(), row);
        ValueKind kind = ValueKind.of(kernel.producer());
        for (Step step : kernel.epilogue()) {
            values = epilogues.apply(step, values, kind, row);
            kind = kind.after(step);
        }
    }

    private void run(Kernel.MeasureCodes kernel) {
        int low = kernel.elements().highest();
        int high = kernel.elements().lowest();
        for (int i = 0; i < kernel.rows() * kernel.channels(); i++) {
            int code = arena.code(kernel.input(), i, kernel.elements());
            low = Math.min(low, code);
            high = Math.max(high, code);
        }
        arena.code(kernel.output(), 0, low);
        arena.code(kernel.output(), 1, high);
    }

    private void run(Kernel.MeasureRange kernel) {
        int ranges = kernel.perRow() ? kernel.rows() : 1;
        int length = kernel.perRow() ? kernel.channels() : kernel.rows() * kernel.channels();
        for (int range = 0; range < ranges; range++) {
            float low = arena.f32(kernel.input(), range * length);
            float high = low;
            for (int i = 1; i < length; i++) {
                float x = arena.f32(kernel.input(), range * length + i);
                low = Math.min(low, x);
                high = Math.max(high, x);
            }
            float magnitude = Math.max(Math.abs(low), Math.abs(high));
            arena.f32(kernel.output(), 2 * range, kernel.magnitudes() ? -magnitude : low);
            arena.f32(kernel.output(), 2 * range + 1, kernel.magnitudes() ? magnitude : high);
        }
    }

    private void run(Kernel.DeriveScale kernel) {
        for (int i = 0; i < kernel.count(); i++) {
            float low = arena.f32(kernel.ranges(), 2 * i);
            float high = arena.f32(kernel.ranges(), 2 * i + 1);
            float scale = RangeArithmetic.scale(kernel.grid(), low, high);
            int range = i;
            kernel.scale().ifPresent(id -> arena.f32(id, range, scale));
            kernel.zero().ifPresent(id -> arena.i32(id, range, RangeArithmetic.zero(kernel.grid(), low, scale)));
        }
    }

    private void run(Kernel.RowStatistic kernel) {
        for (int row = 0; row < kernel.rows(); row++) {
            double sum = 0;
            for (int c = 0; c < kernel.channels(); c++) {
                double x = arena.f32(kernel.input(), row * kernel.channels() + c);
                sum += kernel.statistic() == Operation.Statistic.MEAN ? x : x * x;
            }
            arena.f32(kernel.output(), row, (float) (sum / kernel.channels()));
        }
    }

    private void run(Kernel.MatrixProduct kernel) {
        for (int row = 0; row < kernel.matrices() * kernel.rows(); row++) {
            for (int n = 0; n < kernel.channels(); n++) {
                float sum = 0;
                int exact = 0;
                for (int k = 0; k < kernel.depth(); k++) {
                    int left = row * kernel.depth() + k;
                    int right = (row / kernel.rows() * kernel.depth() + k) * kernel.channels() + n;
                    if (kernel.floating()) {
                        float product = arena.f32(kernel.left(), left) * arena.f32(kernel.right(), right);
                        sum += product;
                    } else {
                        exact += (arena.integer(kernel.left(), left, kernel.leftElements())
                                - zero(kernel.leftZero()))
                                * (arena.integer(kernel.right(), right, kernel.rightElements())
                                        - zero(kernel.rightZero()));
                    }
                }
                int at = row * kernel.channels() + n;
                if (kernel.floating()) {
                    arena.f32(kernel.output(), at, sum);
                } else {
                    arena.i32(kernel.output(), at, exact);
                }
            }
        }
    }

    private int zero(Optional<Step.ZeroSource> source) {
        return source.map(zero -> switch (zero) {
            case Step.ZeroSource.Fixed(int value) -> value;
            case Step.ZeroSource.Measured(BufferId buffer, boolean _) -> arena.i32(buffer, 0);
        }).orElse(0);
    }

    private void run(Kernel.Softmax kernel) {
        for (int row = 0; row < kernel.rows(); row++) {
            int start = row * kernel.channels();
            float greatest = arena.f32(kernel.input(), start);
            for (int c = 1; c < kernel.channels(); c++) {
                greatest = Math.max(greatest, arena.f32(kernel.input(), start + c));
            }
            float[] powers = new float[kernel.channels()];
            double sum = 0;
            for (int c = 0; c < kernel.channels(); c++) {
                powers[c] = (float) StrictMath.exp(arena.f32(kernel.input(), start + c) - greatest);
                sum += powers[c];
            }
            for (int c = 0; c < kernel.channels(); c++) {
                arena.f32(kernel.output(), start + c, (float) (powers[c] / sum));
            }
        }
    }

    private void run(Kernel.ArgMax kernel) {
        boolean floating = program.buffer(kernel.input()).bank() == Bank.F32;
        for (int row = 0; row < kernel.rows(); row++) {
            int best = 0;
            int start = row * kernel.channels();
            for (int c = 1; c < kernel.channels(); c++) {
                boolean greater = floating
                        ? arena.f32(kernel.input(), start + c) > arena.f32(kernel.input(), start + best)
                        : arena.integer(kernel.input(), start + c, kernel.elements()) > arena.integer(kernel.input(),
                                start + best, kernel.elements());
                best = greater ? c : best;
            }
            arena.i32(kernel.output(), row, best);
        }
    }

    private void copy(Kernel.StridedCopy kernel, int dimension, int from, int to) {
        if (dimension == kernel.extents().size()) {
            arena.copy(kernel.input(), from, kernel.output(), to);
            return;
        }
        for (int i = 0; i < kernel.extents().get(dimension); i++) {
            copy(kernel, dimension + 1, from + i * kernel.inputStrides().get(dimension),
                    to + i * kernel.outputStrides().get(dimension));
        }
    }

    private void run(Kernel.BuildTables kernel) {
        LookUpForm form = kernel.form();
        int rowBytes = form.rowBytes(kernel.channels());
        for (int row = 0; row < kernel.image().rows(); row++) {
            for (int group = 0; group < form.groups(kernel.channels()); group++) {
                for (int digit = 0; digit < form.digits(); digit++) {
                    for (int index = 0; index < form.entries(); index++) {
                        arena.code(kernel.output(), row * rowBytes + form.offset(group, digit) + index,
                                form.bias(digit) + sum(kernel, row, group, digit, index));
                    }
                }
            }
        }
    }

    /** The sum of products of a group's digits with the weights that an index stands for. */
    private int sum(Kernel.BuildTables kernel, int row, int group, int digit, int index) {
        LookUpForm form = kernel.form();
        int sum = 0;
        int rest = index;
        for (int i = 0; i < form.perIndex(); i++) {
            int channel = group * form.perIndex() + i;
            if (channel < kernel.channels()) {
                int from = kernel.image().inputRow(row);
                int code = from < 0
                        ? kernel.margin()
                        : arena.code(kernel.input(), from * kernel.channels() + channel, form.code());
                sum += form.digit(code, digit) * form.weightOf(rest % form.base());
            }
            rest /= form.base();
        }
        return sum;
    }

    private void run(Kernel.WidenImage kernel) {
        for (int row = 0; row < kernel.image().rows(); row++) {
            int from = kernel.image().inputRow(row);
            for (int c = 0; c < kernel.pitch(); c++) {
                float value = c >= kernel.channels() ? 0 : from < 0 ? kernel.margin() : widened(kernel, from, c);
                int element = row * kernel.pitch() + c;
                int lower = (int) value & 0xffff;
                switch (kernel.lane()) {
                    case F32 -> arena.f32(kernel.output(), element, value);
                    case I16 -> arena.i32(kernel.output(), element / 2, c % 2 == 0
                            ? lower
                            : (int) value << 16 | arena.i32(kernel.output(), element / 2));
                    case I8 -> arena.i32(kernel.output(), element, (int) value << 16 | lower);
                }
            }
        }
    }

    private float widened(Kernel.WidenImage kernel, int row, int channel) {
        int element = row * kernel.channels() + channel;
        if (!kernel.elements().coded()) {
            return arena.f32(kernel.input(), element);
        }
        int zero = kernel.zero().map(source -> producers.zero(source, row)).orElse(0);
        return arena.code(kernel.input(), element, kernel.code()) - zero;
    }

    private void run(Kernel.OrPool kernel) {
        int words = ((Layout.Planes) program.buffer(kernel.input()).layout()).wordsPerRow();
        for (int row = 0; row < kernel.window().outputRows(); row++) {
            long[] or = new long[words];
            for (int tap = 0; tap < kernel.window().geometry().taps(); tap++) {
                int from = kernel.window().inputRow(row, tap);
                for (int word = 0; from >= 0 && word < words; word++) {
                    or[word] |= arena.word(kernel.input(), from * words + word);
                }
            }
            for (int word = 0; word < words; word++) {
                arena.word(kernel.output(), row * words + word, or[word]);
            }
        }
    }
}
