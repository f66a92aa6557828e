package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiling takes work in proportion to the model's size. Work is counted in bytes allocated, which are the same
 * however fast the machine is: a model of four times the size may allocate up to six times as much, where a step that
 * grows with the square would take sixteen times.
 */
class CompilationGrowthTest {
    private static final double MOST = 6;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void loadClasses() throws IOException {
        bytes(chain(4));
        bytes(constants(4));
        bytes(outputs(4));
    }

    private static long bytes(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("m.tern"), text);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Compilation.of(file, HostTarget.portable("a test")).hiddenClass();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void assertGrowsWithSize(IntFunction<String> text, int size) throws IOException {
        long small = bytes(text.apply(size));
        long large = bytes(text.apply(4 * size));
        assertThat((double) large / small).as("%,d bytes for %d, %,d for %d", small, size, large, 4 * size)
                .isLessThan(MOST);
    }

    @Test
    void aChainOfElementOps() throws IOException {
        assertGrowsWithSize(CompilationGrowthTest::chain, 500);
    }

    @Test
    void constantsIntoOneConcat() throws IOException {
        assertGrowsWithSize(CompilationGrowthTest::constants, 150);
    }

    @Test
    void manyOutputs() throws IOException {
        assertGrowsWithSize(CompilationGrowthTest::outputs, 150);
    }

    private static String chain(int n) {
        StringBuilder text = new StringBuilder("model M(x: f32[4]) -> (y: f32[4]) {\n    v0 = x\n");
        for (int i = 1; i <= n; i++) {
            text.append("    v").append(i).append(" = v").append(i - 1).append(" |> sigmoid\n");
        }
        return text + "    y = v" + n + "\n}\n";
    }

    private static String constants(int n) {
        StringBuilder text = new StringBuilder("model M(x: f32[1]) -> (y: f32[" + (n + 1) + "]) {\n");
        StringJoiner parts = new StringJoiner(", ");
        for (int i = 0; i < n; i++) {
            text.append("    c").append(i).append(" = 0 * x + ").append(i).append('\n');
            parts.add("c" + i);
        }
        return text + "    y = concat(x, " + parts + ", axis: 0)\n}\n";
    }

    private static String outputs(int n) {
        StringJoiner declared = new StringJoiner(", ");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < n; i++) {
            declared.add("y" + i + ": f32[4]");
            text.append("    y").append(i).append(" = ").append(i + 1).append(" * x |> sigmoid\n");
        }
        return "model M(x: f32[4]) -> (" + declared + ") {\n" + text + "}\n";
    }
}
