package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiled models give the same bits on other processors, by their JVMs' interpreter and by their C2: the JREs lie in
 * the folder that {@code -Dtern.foreign} names, where {@code .ci/foreign-jres} puts them, and run in QEMU's emulator.
 */
class ForeignProcessorsTest {
    private static final Map<String, String> EMULATORS = Map.of("arm64", "qemu-aarch64", "s390x", "qemu-s390x",
            "riscv64", "qemu-riscv64", "ppc64el", "qemu-ppc64le");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"arm64", "s390x"})
    void givesTheSameBits(String processor) throws Exception {
        List<String> java = command(processor);
        Map<String, Supplier<KernelProgram>> programs = Map.of(
                "every kind of kernel", () -> Pieces.everyKind(Target.PORTABLE, new Random(3)),
                "long loops", () -> Pieces.wide(Target.PORTABLE, new Random(3)),
                "digits", () -> example("digits"), "kws", () -> example("kws"), "tinymlp", () -> example("tinymlp"));
        for (Map.Entry<String, Supplier<KernelProgram>> one : programs.entrySet()) {
            Path files = Files.createDirectory(folder.resolve(one.getKey().replace(' ', '-')));
            ChildJvm.write(files, ModelFiles.of(Pieces.source(one.getValue().get()), List.of(),
                    new ClassName("com.acme", "Piece")).byPath());
            List<String> here = ChildJvm.outputs(ChildJvm.run(ChildJvm.own(), files, "com.acme.Piece", 1));
            assertThat(here).isNotEmpty();
            for (String[] mode : List.of(new String[]{"-Xint"},
                    new String[]{"-Xcomp", "-XX:-TieredCompilation", "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=compileonly,com.acme.Piece*::*"})) {
                assertThat(ChildJvm.outputs(ChildJvm.run(java, files, "com.acme.Piece", 1, mode)))
                        .as("%s on %s with %s", one.getKey(), processor, mode[0]).isEqualTo(here);
            }
        }
    }

    private static KernelProgram example(String name) {
        String text;
        try {
            text = Files.readString(Path.of("src", "test", "resources", "examples", name + ".tern"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Diagnostics diagnostics = new Diagnostics();
        Graph graph = GraphPasses.standard().run(TernModels.bound(name + ".tern", text, 21), diagnostics,
                PassObserver.none());
        return KernelPasses.standard(CostModel.Choice.CHEAPEST).run(
                Lower.lower(graph, Target.PORTABLE), diagnostics,
                PassObserver.none());
    }

    /** What starts a JVM of the processor here; the test is skipped where that is not to be had. */
    private static List<String> command(String processor) throws IOException {
        String place = System.getProperty("tern.foreign", "");
        assumeTrue(!place.isEmpty(), "no folder with the JREs of other processors: -Dtern.foreign names none");
        Path root = Path.of(place).toAbsolutePath().resolve(processor);
        String emulator = EMULATORS.get(processor);
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path,
                emulator))), emulator + " is not installed (Debian: apt install qemu-user)");
        Path machines = root.resolve("usr/lib/jvm");
        assumeTrue(Files.isDirectory(machines), "no JRE in " + machines + ": see .ci/foreign-jres");
        try (Stream<Path> homes = Files.list(machines)) {
            Path java = homes.filter(home -> !Files.isSymbolicLink(home)).map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable).findFirst().orElseThrow();
            return new ArrayList<>(List.of(emulator, "-L", root.toString(), java.toString()));
        }
    }
}
