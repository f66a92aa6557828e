package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import java.util.List;

/**
 * What a kernel is predicted to take, to know which are worth sharing among threads: products by the cost model, the
 * others by the elements they go over.
 */
public final class KernelCosts {
    /** One element through an epilogue, or through a plain loop, in vectors. */
    private static final double VECTOR_ELEMENT = 0.2;
    /** The same in plain loops, some of which are no vector code. */
    private static final double ELEMENT = 0.6;
    /** One element of a softmax: its exponential. */
    private static final double SOFTMAX_ELEMENT = 8;
    /**
     * One byte that another thread has just written: what it adds to the time of both, the reader's and the writer's.
     * Tables of 4096 codes double the time of the first quarter of a 4096 to 1024 layer.
     */
    private static final double FETCHED_BYTE = 0.2;
    /** One vector of tables. */
    private static final double TABLES = 1.8;

    private KernelCosts() {
    }

    /**
     * What there is to win where threads share a kernel: the nanoseconds on one thread, less what the others take to
     * fetch its input from the first one's cache. Threads that divide rows fetch the rows that are theirs, which is
     * not counted; threads that divide one row by its channels each fetch all of it.
     */
    public static double shareable(KernelProgram program, Kernel kernel) {
        boolean oneRow = kernel instanceof Kernel.PixelKernel pixel && pixel.producer().rows() == 1;
        long bytes = oneRow
                ? KernelAccess.of(kernel).reads().stream().mapToLong(id -> program.buffer(id).bytes()).sum()
                : 0;
        return nanoseconds(program, kernel) - FETCHED_BYTE * bytes;
    }

    /** Nanoseconds on one thread. */
    public static double nanoseconds(KernelProgram program, Kernel kernel) {
        double element = program.target().vector() ? VECTOR_ELEMENT : ELEMENT;
        return switch (kernel) {
            case Kernel.PixelKernel k -> product(program, k) + element * elements(k.producer());
            case Kernel.Pair pair -> nanoseconds(program, pair.first()) + nanoseconds(program, pair.second());
            case Kernel.MeasureRange k -> element * k.rows() * k.channels();
            case Kernel.MeasureCodes k -> element * k.rows() * k.channels() / Float.BYTES;
            case Kernel.DeriveScale k -> ELEMENT * k.count();
            case Kernel.TableLookUp k -> ELEMENT * k.rows() * k.count();
            case Kernel.RowStatistic k -> ELEMENT * k.rows() * k.channels();
            case Kernel.MatrixProduct k -> element * k.matrices() * k.rows() * k.depth() * k.channels();
            case Kernel.Softmax k -> SOFTMAX_ELEMENT * k.rows() * k.channels();
            case Kernel.ArgMax k -> ELEMENT * k.rows() * k.channels();
            case Kernel.StridedCopy k -> ELEMENT * k.extents().stream().mapToDouble(n -> n).reduce(1, (a, b) -> a * b);
            case Kernel.OrPool k -> ELEMENT * k.window().geometry().taps() * program.buffer(k.output()).length();
            case Kernel.WidenImage k -> element * k.image().rows() * k.pitch();
            case Kernel.BuildTables k -> TABLES * k.image().rows() * k.form().groups(k.channels()) * k.form().digits();
        };
    }

    /**
     * Elements that an epilogue goes over, and those that the producer reads for them, if it does no more than that.
     */
    private static double elements(Producer producer) {
        double elements = (double) producer.rows() * producer.channels();
        return switch (producer) {
            case Producer.Pool pool -> elements * pool.window().geometry().taps();
            case Producer.Load _ -> elements;
            case Producer.LoadConstant _ -> elements;
            case Producer.PackedProduct _ -> elements;
            case Producer.MultiplyProduct _ -> elements;
            case Producer.TileProduct _ -> elements;
        };
    }

    private static double product(KernelProgram program, Kernel.PixelKernel kernel) {
        return ProductCosts.shape(program, kernel).flatMap(shape -> {
            List<CostModel.Candidate> candidates = CostModel.candidates(shape, program.target());
            return candidates.stream().filter(candidate -> candidate.schedule().equals(kernel.schedule())).findFirst()
                    .or(() -> candidates.stream().findFirst());
        }).map(CostModel.Candidate::nanoseconds).orElse(0.0);
    }
}
