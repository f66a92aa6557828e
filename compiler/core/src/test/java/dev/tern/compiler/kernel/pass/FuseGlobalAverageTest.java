package dev.tern.compiler.kernel.pass;

import static dev.tern.compiler.kernel.pass.KernelSketch.TANH;
import static dev.tern.compiler.kernel.pass.KernelSketch.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import org.junit.jupiter.api.Test;

/** Averages of all of a 6 x 6 image are taken of sums, and no others. */
class FuseGlobalAverageTest {
    private static boolean fused(Producer.PoolKind kind, Geometry geometry) {
        KernelSketch builder = new KernelSketch();
        Window window = new Window(6, 6, geometry);
        BufferId input = builder.input(36, 4);
        BufferId value = builder.value(36, 4);
        BufferId output = builder.output(window.outputRows(), 4);
        builder.load(input, 36, 4, TANH, store(value, 4));
        builder.pixel(new Producer.Pool(kind, value, ValueKind.FLOAT, window, 4,
                builder.buffer(Bank.F32, new Layout.Plain(1, 4), Buffer.Role.SCRATCH)), store(output, 4));
        KernelProgram program = builder.build(1);
        KernelProgram after = new FuseGlobalAverage().apply(program, new Diagnostics());
        assertThat(after.equals(program)).isEqualTo(after == program);
        return after != program;
    }

    private static boolean averages(Geometry geometry) {
        return fused(Producer.PoolKind.AVERAGE, geometry);
    }

    @Test
    void allOfTheImage() {
        assertThat(averages(Geometry.valid(6, 6, 1))).isTrue();
        assertThat(fused(Producer.PoolKind.MAX, Geometry.valid(6, 6, 1))).isFalse();
    }

    @Test
    void partsOfIt() {
        assertThat(averages(Geometry.valid(2, 2, 2))).isFalse();
        assertThat(averages(Geometry.valid(6, 1, 1))).isFalse();
        assertThat(averages(Geometry.valid(1, 6, 1))).isFalse();
        // One output, of what lies at a corner.
        assertThat(averages(Geometry.valid(5, 6, 2))).isFalse();
        assertThat(averages(Geometry.valid(6, 5, 2))).isFalse();
        assertThat(averages(Geometry.valid(5, 5, 2))).isFalse();
    }

    /** The window has more taps than the image has pixels. */
    @Test
    void withPaddingAround() {
        assertThat(averages(new Geometry(8, 8, 1, 1, 1, 1, 1, 1, 1, 1))).isFalse();
        assertThat(averages(new Geometry(6, 6, 6, 6, 1, 1, 1, 1, 0, 0))).isFalse();
    }
}
