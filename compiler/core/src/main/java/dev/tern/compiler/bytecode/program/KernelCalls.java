package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Producer;
import java.util.ArrayList;
import java.util.List;

/** The methods of a program's kernels, and the calls that run them in order. */
final class KernelCalls {
    private final ClassScope scope;

    KernelCalls(ClassScope scope) {
        this.scope = scope;
    }

    /**
     * Emits all methods and adds the calls to a block; where they are many, some at a time in methods of their own.
     *
     * @param arrays of the arena, and those of inputs and outputs that lie outside it
     */
    void addTo(Block body, List<? extends Value> arrays) {
        int most = (MethodDefinition.KERNEL_BUDGET - 60 - 10 * arrays.size()) / (4 + 2 * arrays.size());
        List<Callee> calls = scope.program().kernels().stream().map(this::kernel).toList();
        for (int level = 0; calls.size() > most; level++) {
            calls = inParts(calls, "infer$" + level + "_", most);
        }
        calls.forEach(callee -> body.call(callee.call(arrays.toArray(Value[]::new))));
    }

    /** The same as a static method of the arrays. */
    Callee method(String name) {
        MethodScope method = new MethodScope(scope, name, List.of());
        addTo(method.body(), method.arrays());
        return method.end();
    }

    /** Methods that make the calls, in order, some at a time. */
    private List<Callee> inParts(List<Callee> calls, String prefix, int most) {
        List<Callee> parts = new ArrayList<>();
        for (int from = 0; from < calls.size(); from += most) {
            MethodScope method = new MethodScope(scope, prefix + parts.size(), List.of());
            calls.subList(from, Math.min(calls.size(), from + most))
                    .forEach(callee -> method.body().call(method.call(callee)));
            parts.add(method.end());
        }
        return parts;
    }

    private Callee kernel(Kernel kernel) {
        return switch (kernel) {
            case Kernel.PixelKernel pixels -> pixels.producer() instanceof Producer.PackedProduct product && product
                    .inColumns()
                            ? new ColumnKernels(scope, pixels, product).method()
                            : new PixelKernels(scope, pixels).method();
            case Kernel.MeasureRange measure -> new Reductions(scope).measureRange(measure);
            case Kernel.DeriveScale derive -> new Reductions(scope).deriveScale(derive);
            case Kernel.TableLookUp lookUp -> new Reductions(scope).tableLookUp(lookUp);
            case Kernel.Softmax softmax -> new Reductions(scope).softmax(softmax);
            case Kernel.ArgMax argMax -> new Reductions(scope).argMax(argMax);
            case Kernel.StridedCopy copy -> new Movements(scope).stridedCopy(copy);
            case Kernel.OrPool pool -> new Movements(scope).orPool(pool);
            case Kernel.BuildTables tables -> new Tables(scope, tables).method();
        };
    }
}
