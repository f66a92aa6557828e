package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.runtime.Session;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Runs a compiled model in a JVM of its own, with nothing but the runtime and the model's files on its class path. */
final class ChildJvm {
    private static final String MAIN = """
            import dev.tern.runtime.*;
            import java.lang.management.ManagementFactory;
            import java.util.Arrays;
            import java.util.List;

            public class Run {
                public static void main(String[] args) throws Exception {
                    if (System.getProperty("Noted") != null) {
                        Class.forName("Noted").getMethod("note").invoke(null);
                    }
                    CompiledModel model = (CompiledModel) Class.forName(args[0]).getMethod("model").invoke(null);
                    Session session = model.newSession();
                    Object[] inputs = new Object[model.signature().inputs().size()];
                    for (int i = 0; i < inputs.length; i++) {
                        Signature.Port port = model.signature().inputs().get(i);
                        float[] values = new float[port.elements()];
                        for (int k = 0; k < values.length; k++) {
                            values[k] = (k * 37 % 101 - 50) / 16f;
                        }
                        inputs[i] = port.element() == Element.F32 ? values : new int[port.elements()];
                    }
                    Session threaded = model.newSession(Parallelism.threads(2));
                    Object[] outputs = session.newOutputs(1);
                    // The compilers work beside the program: when they are done on a busy machine is not to be
                    // foreseen.
                    int rounds = Integer.parseInt(args[1]) > 1 ? 200 : 1;
                    long allocated = 1;
                    for (int round = 0; round < rounds && allocated > 0; round++) {
                        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                            threaded.run(inputs, outputs);
                            session.run(inputs, outputs);
                        }
                        List<Long> own = Thread.getAllStackTraces().keySet().stream().filter(thread
                                -> thread == Thread.currentThread() || thread.getName().startsWith("tern-"))
                                .map(Thread::getId).toList();
                        long before = allocated(own);
                        long nothing = allocated(own) - before;
                        before = allocated(own);
                        for (int i = 0; i < (rounds > 1 ? 100 : 1); i++) {
                            session.run(inputs, outputs);
                            threaded.run(inputs, outputs);
                        }
                        allocated = allocated(own) - before - nothing;
                    }
                    System.out.println();
                    System.out.println("ALLOCATED " + allocated);
                    System.out.println("VARIANT " + model.signature().variant() + ": "
                            + model.signature().variantReason());
                    for (Object output : outputs) {
                        System.out.println("OUTPUT " + (output instanceof float[]
                                ? bits((float[]) output) : Arrays.toString((int[]) output)));
                    }
                }

                /** With a hash of their bits, for a NaN has many. */
                private static String bits(float[] values) {
                    int[] bits = new int[values.length];
                    for (int i = 0; i < bits.length; i++) {
                        bits[i] = Float.floatToRawIntBits(values[i]);
                    }
                    return Arrays.toString(values) + " #" + Integer.toHexString(Arrays.hashCode(bits));
                }

                private static long allocated(List<Long> threads) {
                    long sum = 0;
                    for (int i = 0; i < threads.size(); i++) {
                        sum += ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                                .getThreadAllocatedBytes(threads.get(i));
                    }
                    return sum;
                }
            }
            """;

    /** Ends what hangs; nothing that works comes near, on a slow and busy machine neither. */
    private static final int MINUTES_TO_HANG = 20;
    /** A line of -XX:+PrintCompilation: milliseconds, number, attributes and level. */
    private static final Pattern COMPILED = Pattern.compile(" +[0-9]+ +[0-9]+ ");

    private ChildJvm() {
    }

    /** Writes files into a folder, beside the program that runs them. */
    static void write(Path folder, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Path source = Files.writeString(folder.resolve("Run.java"), MAIN);
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-nowarn", "-cp",
                runtime(), "-d", folder.toString(), source.toString());
        assertThat(status).as("javac of the program that runs the model").isZero();
    }

    /**
     * The lines that a JVM printed, which ran a model so many times, and again until that allocated nothing. The
     * program and the JVM itself print to files of their own: on one they would break into each other's lines.
     */
    static List<String> run(Path java, Path folder, String className, int inferences, String... options)
            throws IOException, InterruptedException {
        return run(List.of(java.toString()), folder, className, inferences, options);
    }

    /** @param java the command that starts a JVM: of another processor, an emulator before it */
    static List<String> run(List<String> java, Path folder, String className, int inferences, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(options));
        command.addAll(List.of("-XX:+DisplayVMOutputToStderr", "-XX:+UseSerialGC", "-Xmx256m", "-cp", folder
                + File.pathSeparator + runtime(), "Run",
                className, Integer.toString(inferences)));
        // Several may run side by side.
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        Process process = new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile())
                .start();
        if (!process.waitFor(MINUTES_TO_HANG, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("ended after " + MINUTES_TO_HANG + " minutes: " + String.join(" ", command));
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(output));
        lines.addAll(Files.readAllLines(errors));
        assertThat(process.exitValue()).as(() -> String.join(" ", command) + "\n" + said(lines)).isZero();
        return lines;
    }

    /** What is worth reading of all that a JVM printed: not what it compiled and loaded. */
    private static String said(List<String> lines) {
        return lines.stream().filter(line -> !COMPILED.matcher(line).lookingAt() && !line.contains("[class,load]"))
                .limit(40).collect(Collectors.joining("\n"));
    }

    /** What the model gave, of all that a JVM printed. */
    static List<String> outputs(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("OUTPUT ")).toList();
    }

    /** Which of its forms the model ran, and why. */
    static String variant(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("VARIANT ")).map(line -> line.substring(8)).findFirst()
                .orElseThrow();
    }

    /** The {@code java} of this JVM. */
    static Path own() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The {@code java} of an installed JDK 17 beside this one, or in the usual folder. */
    static Stream<Path> ofJava17() throws IOException {
        List<Path> homes = new ArrayList<>();
        for (Path folder : List.of(Path.of(System.getProperty("java.home")).getParent(), Path.of("/usr/lib/jvm"))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    entries.sorted().forEach(homes::add);
                }
            }
        }
        return homes.stream().filter(ChildJvm::is17).map(home -> home.resolve("bin/java")).filter(Files::isExecutable);
    }

    private static boolean is17(Path home) {
        try {
            return Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"17");
        } catch (IOException e) {
            return false;
        }
    }

    private static String runtime() {
        try {
            return Path.of(Session.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
