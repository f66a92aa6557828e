package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph.Budget;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.KernelProgram.Port;
import dev.tern.compiler.kernel.schedule.KernelSchedule;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;

/** Programs written kernel by kernel, whose buffers have no places yet, for what no text leads to, or not alone. */
final class KernelSketch {
    static final Origin ORIGIN = new Origin("layer", new FilePosition("sample.tern", -1, "layer"));
    static final Step TANH = new Step.Activation(ElementFunction.TANH);

    private final List<Buffer> buffers = new ArrayList<>();
    private final List<ConstantArray> constants = new ArrayList<>();
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<Port> inputs = new ArrayList<>();
    private final List<Port> outputs = new ArrayList<>();

    BufferId buffer(Bank bank, Layout layout, Buffer.Role role) {
        BufferId id = new BufferId(buffers.size());
        buffers.add(new Buffer(id, id + "", bank, layout, -1, role));
        return id;
    }

    /** f32 that kernels pass to each other. */
    BufferId value(int rows, int channels) {
        return buffer(Bank.F32, new Layout.Plain(rows, channels), Buffer.Role.VALUE);
    }

    BufferId input(int rows, int channels) {
        BufferId id = buffer(Bank.F32, new Layout.Plain(rows, channels), Buffer.Role.INPUT);
        inputs.add(port(id, rows, channels));
        return id;
    }

    BufferId output(int rows, int channels) {
        BufferId id = buffer(Bank.F32, new Layout.Plain(rows, channels), Buffer.Role.OUTPUT);
        outputs.add(port(id, rows, channels));
        return id;
    }

    private static Port port(BufferId id, int rows, int channels) {
        return new Port(id + "", id, ElementType.F32, Shape.of(rows, channels), List.of());
    }

    ConstantId floats(float... values) {
        ConstantId id = new ConstantId(constants.size());
        constants.add(new ConstantArray.Floats(id + "", values));
        return id;
    }

    <K extends Kernel> K add(K kernel) {
        kernels.add(kernel);
        return kernel;
    }

    /** Takes rows of f32 through some steps. */
    PixelKernel load(BufferId from, int rows, int channels, Step... steps) {
        return pixel(new Producer.Load(from, ValueKind.FLOAT, rows, channels), steps);
    }

    PixelKernel pixel(Producer producer, Step... steps) {
        return add(new PixelKernel("k" + kernels.size(), ORIGIN, producer, List.of(steps), KernelSchedule.PLAIN));
    }

    Kernel.Softmax softmax(BufferId from, BufferId to, int rows, int channels) {
        return add(new Kernel.Softmax("k" + kernels.size(), ORIGIN, from, rows, channels, to));
    }

    static Step store(BufferId to, int stride) {
        return new Step.StorePlain(to, stride, 0);
    }

    KernelProgram build() {
        return build(Target.PORTABLE, 0);
    }

    /** @param ram bytes that the arena may take; 0 for any number */
    KernelProgram build(long ram) {
        return build(Target.PORTABLE, ram);
    }

    KernelProgram build(Target target, long ram) {
        return new KernelProgram("Sample", "", "sample.tern", buffers, constants, kernels, inputs, outputs,
                new Budget(0, ram), target);
    }
}
