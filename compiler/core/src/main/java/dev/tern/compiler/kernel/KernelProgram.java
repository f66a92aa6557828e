package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph.Budget;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.target.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model as loop nests over an arena.
 *
 * @param name the model's name
 * @param source the name of the .tern file
 * @param buffers by index
 * @param constants by index
 * @param kernels in the order they run
 * @param budget what the weight file and the arena may take
 * @param target what its kernels and layouts are made for
 */
public record KernelProgram(String name, String documentation, String source, List<Buffer> buffers,
        List<ConstantArray> constants, List<Kernel> kernels, List<Port> inputs, List<Port> outputs,
        Budget budget, Target target) {
    public KernelProgram {
        buffers = List.copyOf(buffers);
        constants = List.copyOf(constants);
        kernels = List.copyOf(kernels);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * An input or output: a Plain buffer in F32 (f32), I8 (u8, i8) or I32 (step, index) with the type the user sees.
     *
     * @param labels names of an output's entries, or empty
     */
    public record Port(String name, BufferId buffer, ElementType element, Shape shape, List<String> labels) {
        public Port {
            labels = List.copyOf(labels);
        }
    }

    public Buffer buffer(BufferId id) {
        return buffers.get(id.index());
    }

    public ConstantArray constant(ConstantId id) {
        return constants.get(id.index());
    }

    /** The most f32 inputs and outputs that vector code takes as arrays of the caller. */
    private static final int MOST_OUTSIDE = 16;

    /**
     * The f32 inputs and outputs, in this order, that are the caller's arrays rather than places in the arena: with
     * vector code copying them would be a good part of the time.
     */
    public List<BufferId> outside() {
        if (!target.vector()) {
            return List.of();
        }
        Map<BufferId, Integer> uses = new LinkedHashMap<>();
        Stream.concat(inputs.stream(), outputs.stream()).forEach(port -> uses.merge(port.buffer(), 1, Integer::sum));
        List<BufferId> reals = uses.keySet().stream()
                .filter(id -> buffer(id).bank() == Bank.F32 && uses.get(id) == 1).toList();
        return reals.size() <= MOST_OUTSIDE ? reals : List.of();
    }

    public KernelProgram withKernels(List<Kernel> newKernels) {
        return new KernelProgram(name, documentation, source, buffers, constants, newKernels, inputs, outputs, budget,
                target);
    }

    public KernelProgram withConstants(List<ConstantArray> newConstants) {
        return new KernelProgram(name, documentation, source, buffers, newConstants, kernels, inputs, outputs, budget,
                target);
    }

    /**
     * Elements of a bank's shared array that a planned program needs. Vector code may read bytes past a buffer's end,
     * which it then does not use; past the last buffer there is room for that.
     */
    public int arenaLength(Bank bank) {
        return length(bank, false);
    }

    /** Elements of a bank's work array that a planned program needs, for each thread. */
    public int workLength(Bank bank) {
        return length(bank, true);
    }

    private int length(Bank bank, boolean work) {
        List<BufferId> outside = outside();
        int end = buffers.stream().filter(b -> b.bank() == bank && b.inWork() == work && !outside.contains(b.id()))
                .mapToInt(b -> b.offset() + b.length()).max().orElse(0);
        return end > 0 ? end + past(bank) : end;
    }

    /** Elements of a bank that vector code may read past the last buffer. */
    public int past(Bank bank) {
        return bank == Bank.I8 ? 2 * target.vectorBits() / Byte.SIZE : 0;
    }

    /** Bytes of the planned arena, all banks together, with the work arrays of one thread. */
    public long arenaBytes() {
        long bytes = 0;
        for (Bank bank : Bank.values()) {
            bytes += (long) (arenaLength(bank) + workLength(bank)) * bank.bytes();
        }
        return bytes;
    }

    /**
     * Bytes that a model of a stream keeps beside its arena from frame to frame: rings of rows, of each input that an
     * output has the name of.
     */
    public long stateBytes() {
        return inputs.stream().filter(input -> outputs.stream().anyMatch(port -> port.name().equals(input.name())))
                .mapToLong(input -> (long) input.shape().elements() * buffer(input.buffer()).bank().bytes()).sum();
    }

    /** Bytes of what a session of one thread takes: the arena and the state. */
    public long memoryBytes() {
        return arenaBytes() + stateBytes();
    }

    /** Bytes of all constants in memory, which the weight file may hold in fewer: see {@link StoredConstants}. */
    public long constantBytes() {
        return constants.stream().mapToLong(ConstantArray::bytes).sum();
    }

    /** The same with other inputs. */
    public KernelProgram withInputs(List<Port> newInputs) {
        return new KernelProgram(name, documentation, source, buffers, constants, kernels, newInputs, outputs, budget,
                target);
    }

    public KernelProgram withBuffers(List<Buffer> newBuffers) {
        return new KernelProgram(name, documentation, source, newBuffers, constants, kernels, inputs, outputs, budget,
                target);
    }
}
