package dev.tern.benchmarks.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes that are timed.
 *
 * @param width the vectors that they are held to
 * @param onnxRuntime the folder of ONNX Runtime's libraries, instead of those of its package: such as make use of no
 *        more of the processor than the JVMs do
 */
public record TimedJvm(VectorWidth width, Optional<Path> onnxRuntime) {
    /** What every process is started with, whatever its vectors. */
    private static final List<String> FLAGS = List.of("--add-modules", "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC",
            "-Xmx2g");

    /** What every process is started with, whoever runs in it, less what is said of ONNX Runtime. */
    public List<String> ownFlags() {
        List<String> all = new ArrayList<>(FLAGS);
        all.addAll(width.flags());
        return all;
    }

    /** All that every process is started with. */
    public List<String> flags() {
        List<String> all = ownFlags();
        onnxRuntime.ifPresent(folder -> all.add("-Donnxruntime.native.path=" + folder.toAbsolutePath()));
        return all;
    }

    /** What a report has to say of them. */
    public String inWords() {
        return width == VectorWidth.WIDEST && onnxRuntime.isEmpty()
                ? ""
                : (width == VectorWidth.WIDEST ? "" : ". JVMs are held to vectors of " + width.bits() + " bits")
                        + (onnxRuntime.isPresent()
                                ? ". ONNX Runtime runs from libraries of its own, not those of its package"
                                : "; libraries of native code are not");
    }
}
