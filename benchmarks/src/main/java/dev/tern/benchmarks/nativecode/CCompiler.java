package dev.tern.benchmarks.nativecode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The system's {@code cc}. */
public final class CCompiler {
    private static final List<String> SOURCES = List.of("tern_native.c", "isa.h", "layer.h", "kernels.h");

    private CCompiler() {
    }

    /** Its first line about itself; empty where there is none. */
    public static Optional<String> version() {
        try {
            Process process = new ProcessBuilder("cc", "--version").redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.lines().findFirst() : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * The layers as a shared library, compiled unless it is there.
     *
     * @throws IOException with what the compiler said
     */
    public static Path library(InstructionSet isa, Path workspace) throws IOException, InterruptedException {
        Path library = workspace.resolve("native").resolve(isa.id() + ".so");
        if (Files.exists(library)) {
            return library;
        }
        Path folder = Files.createDirectories(library.getParent());
        for (String source : SOURCES) {
            try (InputStream text = CCompiler.class.getResourceAsStream(source)) {
                Files.copy(text, folder.resolve(source), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Process process = new ProcessBuilder("cc", "-O3", isa.flag(), "-shared", "-fPIC", "-o", library.toString(),
                folder.resolve("tern_native.c").toString(), "-lm").redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("cc failed: " + said);
        }
        return library;
    }
}
