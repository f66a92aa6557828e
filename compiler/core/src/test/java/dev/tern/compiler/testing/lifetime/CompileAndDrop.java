package dev.tern.compiler.testing.lifetime;

import dev.tern.compiler.Tern;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Compiles a model, runs it once and lets go of it, over and over, and prints ten times what the process holds:
 * arguments are how many rounds, and a .tern file (a small network of its own where there is none).
 */
public final class CompileAndDrop {
    private static final String MODEL = """
            model Small(x: f32[16]) -> (y: f32[4]) {
                a = x |> quantize(dynamic(4)) |> relu
                y = a |> slice(0, 4)
            }
            """;

    private CompileAndDrop() {
    }

    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[0]);
        Path model = arguments.length > 1 ? Path.of(arguments[1]) : small();
        for (int part = 1; part <= 10; part++) {
            for (int round = 0; round < rounds / 10; round++) {
                once(model);
            }
            System.gc();
            ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
            System.out.printf(Locale.ROOT, "rounds %d loaded %d unloaded %d metaspace %d heap %d resident %d%n",
                    part * (rounds / 10), classes.getLoadedClassCount(), classes.getUnloadedClassCount(), metaspace(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), resident());
        }
    }

    private static void once(Path file) {
        CompiledModel model = Tern.compile(file);
        Session session = model.newSession();
        session.run(new float[model.signature().inputs().getFirst().elements()]);
    }

    private static Path small() throws IOException {
        Path file = Files.createTempFile("small", ".tern");
        file.toFile().deleteOnExit();
        return Files.writeString(file, MODEL);
    }

    private static long metaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage).mapToLong(MemoryUsage::getUsed).sum();
    }

    /** Of the process, in bytes; -1 where the system does not tell. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).findFirst().orElse(-1);
    }
}
