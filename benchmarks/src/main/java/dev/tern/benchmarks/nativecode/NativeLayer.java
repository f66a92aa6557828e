package dev.tern.benchmarks.nativecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.job.Activations;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.job.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** A layer of the C library, with its input and output outside the heap. Calling C is what this class is for. */
@SuppressWarnings("restricted")
final class NativeLayer implements Call {
    private static final long ALIGNMENT = 64;
    // Handles of the types alone, which take the function as their first argument: constants are called without
    // detours.
    private static final MethodHandle RUN = Linker.nativeLinker()
            .downcallHandle(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle FREE = Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle NEW = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_FLOAT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    private final Arena arena;
    private final MemorySegment run;
    private final MemorySegment free;
    private final MemorySegment layer;
    private final MemorySegment input;
    private final MemorySegment output;

    private NativeLayer(Arena arena, SymbolLookup library, MemorySegment layer, MemorySegment input,
            MemorySegment output) {
        this.arena = arena;
        this.run = library.find("layer_run").orElseThrow();
        this.free = library.find("layer_free").orElseThrow();
        this.layer = layer;
        this.input = input;
        this.output = output;
    }

    /** The layer of a job. */
    static NativeLayer of(Job job, JobParameters parameters, Path file) {
        Arena arena = Arena.ofShared();
        SymbolLookup library = SymbolLookup.libraryLookup(file, arena);
        float step = job.activations() instanceof Activations.Static grid ? grid.step() : 1;
        int zero = job.activations() instanceof Activations.Static grid ? grid.zero() : 0;
        int[] flips = new int[parameters.flipped().length];
        for (int n = 0; n < flips.length; n++) {
            flips[n] = parameters.flipped()[n] ? -1 : 0;
        }
        MemorySegment layer;
        try {
            layer = (MemorySegment) NEW.invokeExact(library.find("layer_new").orElseThrow(),
                    arena.allocateFrom(JAVA_INT, settings(job)), step, zero,
                    arena.allocateFrom(JAVA_BYTE, parameters.codes()),
                    arena.allocateFrom(JAVA_FLOAT, parameters.scales()),
                    arena.allocateFrom(JAVA_INT, parameters.thresholds()), arena.allocateFrom(JAVA_INT, flips));
        } catch (Throwable e) {
            throw new IllegalStateException("a C function cannot throw", e);
        }
        MemorySegment input = arena.allocate((long) Float.BYTES * parameters.input().length, ALIGNMENT);
        MemorySegment.copy(parameters.input(), 0, input, JAVA_FLOAT, 0, parameters.input().length);
        MemorySegment output = arena.allocate((long) Float.BYTES * job.shape().pixels() * job.shape().outputs(),
                ALIGNMENT);
        return new NativeLayer(arena, library, layer, input, output);
    }

    /** The first fields of the C structure. */
    private static int[] settings(Job job) {
        Shape shape = job.shape();
        int bits = switch (job.activations()) {
            case Activations.Sign _ -> 1;
            case Activations.Dynamic dynamic -> dynamic.bits();
            case Activations.Static grid -> grid.bits();
            case Activations.Floating _ -> throw new IllegalArgumentException(job + " has no code in C");
        };
        int activations = switch (job.activations()) {
            case Activations.Sign _ -> 0;
            case Activations.Dynamic _ -> 1;
            case Activations.Static _ -> 2;
            case Activations.Floating _ -> throw new IllegalArgumentException(job + " has no code in C");
        };
        return new int[]{job.weights() == Weights.BINARY ? 1 : 2, activations, bits, shape.height(), shape.width(),
            shape.channels(), shape.outputs(), shape.kernel(), shape.kind() == Shape.Kind.DEPTHWISE ? 1 : 0,
            job.signs() ? 1 : 0};
    }

    @Override
    public void run() {
        try {
            RUN.invokeExact(run, layer, input, output);
        } catch (Throwable e) {
            throw new IllegalStateException("a C function cannot throw", e);
        }
    }

    @Override
    public float[] result() {
        return output.toArray(JAVA_FLOAT);
    }

    @Override
    public void close() {
        try {
            FREE.invokeExact(free, layer);
        } catch (Throwable e) {
            throw new IllegalStateException("a C function cannot throw", e);
        }
        arena.close();
    }
}
