package dev.tern.compiler.tuning;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What a measurement was made on.
 *
 * @param cpu the processor's own name
 * @param jvm vendor and version of the virtual machine
 */
public record Machine(String cpu, String jvm) {
    /** This machine and this JVM. */
    public static Machine current() {
        return new Machine(cpuName(), System.getProperty("java.vendor") + " " + System.getProperty("java.vm.name") + " "
                + Runtime.version());
    }

    private static String cpuName() {
        try {
            Path linux = Path.of("/proc/cpuinfo");
            if (Files.isReadable(linux)) {
                for (String line : Files.readAllLines(linux)) {
                    if (line.startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            } else if (System.getProperty("os.name").startsWith("Mac")) {
                return output("sysctl", "-n", "machdep.cpu.brand_string");
            }
        } catch (IOException e) {
            // The architecture has to do.
        }
        return System.getProperty("os.arch");
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            process.waitFor(1, TimeUnit.SECONDS);
            return line == null ? System.getProperty("os.arch") : line.strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return System.getProperty("os.arch");
        }
    }
}
