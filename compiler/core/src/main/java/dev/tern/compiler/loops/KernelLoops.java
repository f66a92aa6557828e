package dev.tern.compiler.loops;

import dev.tern.compiler.kernel.Kernel;

/** Which generator writes a kernel's methods. */
public final class KernelLoops {
    private KernelLoops() {
    }

    /** Adds the methods of a kernel to a class. */
    public static KernelRoutines of(ProgramScope scope, Kernel kernel) {
        return switch (kernel) {
            case Kernel.PixelKernel pixels -> ColumnKernels.takes(pixels.producer())
                    ? new ColumnKernels(scope, pixels).methods()
                    : new PixelKernels(scope, pixels).methods();
            case Kernel.MeasureRange measure -> new Reductions(scope).measureRange(measure);
            case Kernel.DeriveScale derive -> new Reductions(scope).deriveScale(derive);
            case Kernel.TableLookUp lookUp -> new Reductions(scope).tableLookUp(lookUp);
            case Kernel.RowStatistic statistic -> new Reductions(scope).rowStatistic(statistic);
            case Kernel.Softmax softmax -> new Reductions(scope).softmax(softmax);
            case Kernel.ArgMax argMax -> new Reductions(scope).argMax(argMax);
            case Kernel.StridedCopy copy -> new MovementLoops(scope).stridedCopy(copy);
            case Kernel.OrPool pool -> new MovementLoops(scope).orPool(pool);
            case Kernel.WidenImage image -> new Images(scope, image).methods();
            case Kernel.BuildTables tables -> new Tables(scope, tables).methods();
        };
    }
}
