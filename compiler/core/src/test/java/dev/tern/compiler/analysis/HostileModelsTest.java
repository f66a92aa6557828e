package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models written to exhaust the compiler: each gets a diagnostic, after little work. */
class HostileModelsTest {
    /** Bytes that a diagnostic may take to make: a measure of work that is the same on every machine. */
    private static final long ENOUGH = 1L << 30;

    static Stream<Named<String>> models() {
        return Stream.of(Named.of("a chain of blocks", chain(20_000, "y = x |> B%d")),
                Named.of("blocks that double", chain(40, "y = x |> B%1$d |> B%1$d")),
                Named.of("blocks that double and add nothing", chain(40, "y = x |> B%1$d |> B%1$d").replace("relu",
                        "relu if false")),
                Named.of("repeats of nothing", "model M(x: f32[4]) -> (y: f32[4]) {\n"
                        + "    y = x |> repeat(9999, repeat(9999, repeat(9999, relu if 1 == 2)))\n}\n"),
                Named.of("repeats of no times", chain(40, "y = x |> repeat(9999, repeat(0, B%1$d)) |> B%1$d")),
                Named.of("a ring of blocks", IntStream.range(0, 20_000)
                        .mapToObj(i -> "block B" + i + "(x: f32[n]) -> (y: f32[n]) {\n    y = x |> B"
                                + (i + 1) % 20_000 + "\n}\n")
                        .collect(Collectors.joining())),
                Named.of("a chain of blocks into a ring",
                        chain(20_000, "y = x |> B%d").replace("y = x |> relu", "y = x |> B0")),
                Named.of("blocks in blocks with deep expressions",
                        chain(200, "y = " + "-(".repeat(100) + "x |> B%d" + ")".repeat(100))),
                Named.of("functions in functions", "model M(x: f32[4]) -> (y: f32[4]) {\n    f0 = relu\n"
                        + IntStream.range(1, 5000).mapToObj(i -> "    f" + i + " = f" + (i - 1) + " |> f" + (i - 1)
                                + "\n")
                                .collect(Collectors.joining())
                        + "    y = x |> f4999\n}\n"),
                Named.of("constants that double", "model M(x: f32[4]) -> (y: f32[4]) {\n    c0 = 2\n"
                        + IntStream.range(1, 100).mapToObj(i -> "    c" + i + " = c" + (i - 1) + " * c" + (i - 1)
                                + "\n")
                                .collect(Collectors.joining())
                        + "    y = x * c99\n}\n"),
                Named.of("a great many unknown names", "model M(x: f32[4]) -> (y: f32[4]) {\n"
                        + IntStream.range(0, 10_000).mapToObj(i -> "    value" + i + " = unknown" + i + " |> relu\n")
                                .collect(Collectors.joining())
                        + "    y = x\n}\n"),
                Named.of("huge tensors", "model M(x: f32[16384, 16384]) -> (y: f32[16384, 16384]) {\n"
                        + "    y = x |> repeat(3000, dense(16384))\n}\n"),
                Named.of("a negative shape",
                        "model M(x: f32[3 - 9223372036854775807 - 9]) -> (y: f32[4]) {\n    y = x\n}\n"));
    }

    private static String chain(int length, String body) {
        StringBuilder text = new StringBuilder("block B0(x: f32[n]) -> (y: f32[n]) {\n    y = x |> relu\n}\n");
        for (int i = 1; i < length; i++) {
            text.append("block B").append(i).append("(x: f32[n]) -> (y: f32[n]) {\n    ")
                    .append(String.format(body, i - 1)).append("\n}\n");
        }
        return text.append("model M(x: f32[4]) -> (y: f32[4]) {\n    y = x |> B").append(length - 1).append("\n}\n")
                .toString();
    }

    @ParameterizedTest
    @MethodSource("models")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void isRefused(String text) throws InterruptedException {
        String said = onSmallStack(text);
        assertThat(said).startsWith("error[T");
    }

    /** Half of what a thread usually has, so that the limits on depth leave room. */
    private static String onSmallStack(String text) throws InterruptedException {
        AtomicReference<String> said = new AtomicReference<>("nothing");
        AtomicLong allocated = new AtomicLong();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Thread thread = new Thread(null, () -> {
            long before = threads.getCurrentThreadAllocatedBytes();
            said.set(Analyze.diagnostics("hostile.tern", text));
            allocated.set(threads.getCurrentThreadAllocatedBytes() - before);
        }, "small", 512 << 10);
        thread.setDaemon(true);
        thread.start();
        thread.join();
        assertThat(allocated.get()).as("bytes allocated").isLessThan(ENOUGH);
        return said.get();
    }
}
