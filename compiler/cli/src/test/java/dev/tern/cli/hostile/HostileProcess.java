package dev.tern.cli.hostile;

import com.sun.management.ThreadMXBean;
import dev.tern.cli.output.Console;
import dev.tern.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The process with little memory in which hostile commands run, one after the other. Arguments: a folder that holds
 * {@code 0.arguments}, {@code 1.arguments} and so on, one argument a line. Beside each it leaves {@code .result}: exit
 * code, bytes allocated, and everything that the command printed.
 */
public final class HostileProcess {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private HostileProcess() {
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (int i = 0; Files.exists(folder.resolve(i + ".arguments")); i++) {
            List<String> command = Files.readAllLines(folder.resolve(i + ".arguments"));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
            long before = THREADS.getTotalThreadAllocatedBytes();
            int exitCode = Main.run(new Console(out, out, true, false), command.toArray(String[]::new));
            long allocated = THREADS.getTotalThreadAllocatedBytes() - before;
            out.flush();
            Files.writeString(folder.resolve(i + ".result"),
                    exitCode + "\n" + allocated + "\n" + bytes.toString(StandardCharsets.UTF_8));
        }
        // Threads that a command left behind must not keep the process.
        System.exit(0);
    }
}
