package dev.tern.compiler.tuning;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.ProductCosts;
import dev.tern.compiler.kernel.cost.ProductShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A program that runs the kernels of one layer only, as they are in the whole: the product with its epilogue, and what
 * makes its codes, planes or tables, for that depends on the product's schedule. It computes nothing of use, since what
 * went before it is missing, but takes the time that it takes in the whole: f32 that it reads of layers before, which
 * no schedule of its own has an influence on, are inputs of its own.
 */
final class LayerProgram {
    private LayerProgram() {
    }

    /** The part of a planned program that a product's schedule has an influence on. */
    static KernelProgram of(KernelProgram program, String layer, ProductShape shape) {
        List<Kernel> kernels = program.kernels();
        int product = IntStream.range(0, kernels.size())
                .filter(i -> parts(kernels.get(i)).anyMatch(kernel -> kernel.origin().path().equals(layer)
                        && ProductCosts.shape(program, kernel).filter(shape::equals).isPresent()))
                .findFirst().orElseThrow(() -> new IllegalStateException("no product of " + shape + " in " + layer));
        List<Kernel> kept = new ArrayList<>(List.of(kernels.get(product)));
        Set<BufferId> wanted = new HashSet<>(KernelAccess.of(kernels.get(product)).reads());
        for (int i = product - 1; i >= 0; i--) {
            Kernel kernel = kernels.get(i);
            KernelAccess access = KernelAccess.of(kernel);
            boolean own = kernel.origin().path().equals(layer);
            boolean feeds = access.writes().stream().anyMatch(wanted::contains);
            if (own || feeds) {
                kept.addFirst(kernel);
            }
            if (own || feeds && (kernel instanceof Kernel.BuildTables || kernel instanceof Kernel.WidenImage)) {
                access.reads().stream().filter(id -> program.buffer(id).bank() != Bank.F32).forEach(wanted::add);
            }
        }
        return alone(program, kept);
    }

    /** Two that take turns are one kernel: they are run, and timed, together. */
    private static Stream<Kernel> parts(Kernel kernel) {
        return kernel instanceof Kernel.Pair pair ? Stream.of(pair.first(), pair.second()) : Stream.of(kernel);
    }

    /** The kernels of a layer alone, on what lies in the arena. */
    static KernelProgram of(KernelProgram program, String layer) {
        return alone(program, program.kernels().stream().filter(kernel -> kernel.origin().path().equals(layer))
                .toList());
    }

    private static KernelProgram alone(KernelProgram program, List<Kernel> kernels) {
        Set<BufferId> there = new HashSet<>();
        program.inputs().forEach(port -> there.add(port.buffer()));
        List<KernelProgram.Port> inputs = new ArrayList<>(program.inputs());
        for (Kernel kernel : kernels) {
            KernelAccess access = KernelAccess.of(kernel);
            for (BufferId id : access.reads()) {
                Buffer buffer = program.buffer(id);
                if (buffer.bank() == Bank.F32 && buffer.role() == Buffer.Role.VALUE && there.add(id)) {
                    inputs.add(new KernelProgram.Port("before" + id.index(), id, ElementType.F32, Shape.of(buffer
                            .length()), List.of()));
                }
            }
            there.addAll(access.writes());
        }
        return withoutOtherConstants(program.withKernels(kernels).withInputs(inputs));
    }

    /** Constants keep their numbers; those that no kernel reads lose their elements. */
    private static KernelProgram withoutOtherConstants(KernelProgram program) {
        Set<ConstantId> used = new HashSet<>();
        program.kernels().forEach(kernel -> used.addAll(KernelAccess.of(kernel).constants()));
        List<ConstantArray> constants = new ArrayList<>();
        for (int i = 0; i < program.constants().size(); i++) {
            ConstantArray constant = program.constants().get(i);
            constants.add(used.contains(new ConstantId(i))
                    ? constant
                    : new ConstantArray.Ints(constant.name(), new int[0]));
        }
        return program.withConstants(constants);
    }
}
