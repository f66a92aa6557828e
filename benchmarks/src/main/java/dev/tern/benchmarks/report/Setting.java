package dev.tern.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What was measured on, and how.
 *
 * @param cpu the processor's own name
 * @param features of its instruction set, those that matter here
 * @param system operating system and how many cores the process may use
 * @param jdk vendor and version
 * @param jvmFlags of each timed process
 * @param compiler the C compiler, or that there is none
 * @param date of the run
 * @param effort rounds and times
 */
public record Setting(String cpu, List<String> features, String system, String jdk, List<String> jvmFlags,
        String compiler, LocalDate date, String effort) {
    private static final List<String> TELLING = List.of("avx2", "avx512f", "avx512bw", "avx512vbmi",
            "avx512_vpopcntdq", "avx512_bitalg", "avx512_vnni", "gfni", "amx_int8", "asimd", "sve");

    /** This machine. */
    public static Setting current(List<String> jvmFlags, String compiler, String effort) {
        String flags = " " + cpuInfo("flags") + cpuInfo("Features") + " ";
        int cores = Runtime.getRuntime().availableProcessors();
        return new Setting(cpuName(), TELLING.stream().filter(feature -> flags.contains(" " + feature + " ")).toList(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + (cores == 1 ? "pinned to one core" : "not pinned, " + cores + " cores"),
                System.getProperty("java.vendor") + " " + Runtime.version(), jvmFlags, compiler, LocalDate.now(),
                effort);
    }

    /** The processor as the name of a file: {@code intel-xeon-processor}. */
    public String fileName() {
        String plain = cpu.toLowerCase(Locale.ROOT).replaceAll("\\((r|tm)\\)", "").replaceAll("[^a-z0-9]+", "-");
        return plain.replaceAll("^-|-$", "");
    }

    private static String cpuName() {
        String name = cpuInfo("model name");
        return name.isEmpty() ? System.getProperty("os.arch") : name;
    }

    private static String cpuInfo(String key) {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "";
        }
        try {
            return Arrays.stream(Files.readString(info).split("\n")).filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
