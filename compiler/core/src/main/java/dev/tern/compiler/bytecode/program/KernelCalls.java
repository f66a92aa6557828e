package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Producer;
import java.util.ArrayList;
import java.util.List;

/** The methods of a program's kernels, and the calls that run them in order. */
final class KernelCalls {
    /** Kernel calls in one method: each comes to less than 24 bytes, and the arena's fields to 20. */
    private static final int CALLS_PER_METHOD = 48;

    private final ClassScope scope;

    KernelCalls(ClassScope scope) {
        this.scope = scope;
    }

    /** Emits all methods and adds the calls to a block; where they are many, some at a time in methods of their own. */
    void addTo(Block body, List<Value> arena) {
        List<Callee> calls = scope.program().kernels().stream().map(this::kernel).toList();
        for (int level = 0; calls.size() > CALLS_PER_METHOD; level++) {
            calls = inParts(calls, "infer$" + level + "_");
        }
        calls.forEach(callee -> body.call(callee.call(arena.toArray(Value[]::new))));
    }

    /** The same as a static method of the arena's arrays. */
    Callee method(String name) {
        MethodScope method = new MethodScope(scope, name, List.of());
        addTo(method.body(), method.arena());
        return method.end();
    }

    /** Methods that make the calls, in order, some at a time. */
    private List<Callee> inParts(List<Callee> calls, String prefix) {
        List<Callee> parts = new ArrayList<>();
        for (int from = 0; from < calls.size(); from += CALLS_PER_METHOD) {
            MethodScope method = new MethodScope(scope, prefix + parts.size(), List.of());
            calls.subList(from, Math.min(calls.size(), from + CALLS_PER_METHOD))
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
