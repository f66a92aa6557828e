package dev.tern.benchmarks.portable;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobFolder;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.job.Weights;
import dev.tern.compiler.Compilation;
import dev.tern.runtime.Session;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.tools.ToolProvider;

/**
 * The portable class of a job, timed in a JVM of its own by a small program: JMH's benchmark is of Java 25, the class
 * of Java 17.
 */
public record PortableContender(Form form) implements Contender {
    private static final String PACKAGE = "portable";
    private static final String CLASS = PACKAGE + ".Job";

    /** Which JVM. */
    public enum Form {
        /** A JDK 17 as it is. */
        JDK17("tern-portable-jdk17", List.of()),
        /** This JDK, held to 256-bit vectors. */
        AVX2("tern-portable-avx2", List.of("-XX:UseAVX=2"));

        /** Layers whose plain loops are timed beside their vector form. */
        private static final Set<Shape> BESIDE_VECTORS = Set.of(Shape.dense(64, 1024, 1024), Shape.conv(3, 64, 64, 32,
                32),
                Shape.depthwise(3, 64, 25, 5));

        private final String id;
        private final List<String> flags;

        Form(String id, List<String> flags) {
            this.id = id;
            this.flags = flags;
        }

        private Optional<Path> jdk() {
            return this == JDK17 ? Jdk17.find() : Optional.of(Path.of(System.getProperty("java.home")));
        }
    }

    /**
     * What the other JVM measured.
     *
     * @param hash of the result
     */
    public record Answer(double nanos, double allocatedBytes, int hash) {
    }

    @Override
    public String name() {
        return form.id;
    }

    @Override
    public String description() {
        return "the portable class, as `tern compile` writes it, " + form.jdk().map(jdk -> "in " + version(jdk)
                + (form.flags.isEmpty() ? "" : " with `" + String.join(" ", form.flags) + "`")
                + ", held to vectors as the others are").orElse(
                        "for a JDK 17");
    }

    private static String version(Path jdk) {
        try {
            return Files.readString(jdk.resolve("release")).lines().filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> "JDK " + line.replaceAll("[^0-9.]", "")).findFirst().orElse(jdk.toString());
        } catch (IOException e) {
            return jdk.toString();
        }
    }

    @Override
    public Optional<String> missing() {
        return form.jdk().isPresent()
                ? Optional.empty()
                : Optional.of("there is no JDK 17 (JAVA17_HOME, /usr/lib/jvm, ~/.sdkman, ~/.jdks)");
    }

    @Override
    public boolean takes(Job job) {
        return job.shape().equals(Shape.dense(1, 1024, 1024)) && job.weights() == Weights.BINARY && !job.signs()
                && job.activations().name().equals("sign") || besideVectors(job);
    }

    /** Whether plain loops are timed to be compared with the vector form: products by multiplication. */
    public static boolean besideVectors(Job job) {
        return Form.BESIDE_VECTORS.contains(job.shape()) && (!job.weights().low() || job.shape()
                .kind() == Shape.Kind.DEPTHWISE);
    }

    @Override
    public Agreement agreement() {
        return Agreement.EXACT;
    }

    @Override
    public boolean compiledByJvm() {
        return true;
    }

    /** Runs the class once in this JVM, for its result. */
    @Override
    public Call prepare(Job job, JobParameters parameters, Path workspace) throws IOException {
        Path folder = classes(job, parameters, workspace);
        float[] result = new float[job.shape().pixels() * job.shape().outputs()];
        Session session;
        try {
            var loader = new java.net.URLClassLoader(new java.net.URL[]{folder.toUri().toURL()},
                    Session.class.getClassLoader());
            session = (Session) loader.loadClass(CLASS).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IOException("a compiled class loads", e);
        }
        return new Call() {
            @Override
            public void run() {
                session.run(parameters.input(), result);
            }

            @Override
            public float[] result() {
                return result;
            }
        };
    }

    /**
     * Times the class in its JVM.
     *
     * @param flags what holds the JVM to narrower vectors
     * @throws IOException if that fails, or if it computes something else than this JVM
     */
    public Answer time(Job job, Path workspace, List<String> flags, long warmupMillis, int iterations,
            long iterationMillis)
            throws Exception {
        JobParameters parameters = JobParameters.of(job);
        Path folder = classes(job, parameters, workspace);
        Path input = folder.resolve("input");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(input))) {
            for (float x : parameters.input()) {
                out.writeFloat(x);
            }
        }
        String runtime = Path.of(Session.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        int outputs = job.shape().pixels() * job.shape().outputs();
        compileTimer(folder, runtime);
        List<String> command = new ArrayList<>();
        command.add(form.jdk().orElseThrow().resolve("bin/java").toString());
        command.addAll(form.flags);
        command.addAll(flags);
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", folder + ":" + runtime, "PortableTimer", CLASS,
                input.toString(), "" + outputs, "" + warmupMillis, "" + iterations, "" + iterationMillis));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(name() + " failed: " + said);
        }
        String[] words = said.lines().reduce((_, last) -> last).orElseThrow().split(" ");
        Answer answer = new Answer(Double.parseDouble(words[0]), Double.parseDouble(words[1]),
                Integer.parseInt(words[2]));
        try (Call here = prepare(job, parameters, workspace)) {
            here.run();
            if (Arrays.hashCode(here.result()) != answer.hash()) {
                throw new IOException(name() + " computes something else than this JVM");
            }
        }
        return answer;
    }

    /** The class files of a job, without vector code. */
    private static Path classes(Job job, JobParameters parameters, Path workspace) throws IOException {
        Path folder = Files.createDirectories(workspace.resolve(job.name()).resolve("portable"));
        Compilation compilation = Compilation.of(JobFolder.model(job, parameters, workspace));
        for (Map.Entry<String, byte[]> file : compilation.portableFiles(compilation
                .className(PACKAGE, Optional.empty()), "timed as such").byPath().entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
        return folder;
    }

    private static void compileTimer(Path folder, String runtime) throws IOException {
        Path source = folder.resolve("PortableTimer.java");
        try (InputStream text = PortableContender.class.getResourceAsStream("PortableTimer.java")) {
            Files.write(source, text.readAllBytes());
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-proc:none", "-cp",
                runtime, "-d", folder.toString(), source.toString());
        if (result != 0) {
            throw new IOException("the timer for JDK 17 does not compile");
        }
    }
}
