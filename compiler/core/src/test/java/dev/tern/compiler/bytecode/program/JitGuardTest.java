package dev.tern.compiler.bytecode.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.kernel.KernelProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HotSpot compiles every generated method with C2 and skips none; a warm inference allocates nothing. */
class JitGuardTest {
    private static final int WARM = 15_000;
    @TempDir
    Path folder;

    @Test
    void onThisJava() throws Exception {
        guard(ChildJvm.own(), Pieces.everyKind(new Random(3)));
    }

    @Test
    void longLoopsOnThisJava() throws Exception {
        guard(ChildJvm.own(), Pieces.wide(new Random(3)));
    }

    @Test
    void onJava17() throws Exception {
        Optional<Path> java17 = ChildJvm.ofJava17().findFirst();
        assumeTrue(java17.isPresent(), "no JDK 17 is installed beside this one");
        guard(java17.get(), Pieces.everyKind(new Random(3)));
    }

    private void guard(Path java, KernelProgram program) throws Exception {
        ModelFiles files = ModelFiles.of(Pieces.source(program), List.of(), "");
        ChildJvm.write(folder, files.byPath());
        List<String> warm = ChildJvm.run(java, folder, "Piece", WARM, "-XX:+PrintCompilation");
        check(warm);
        assertThat(ChildJvm.outputs(warm)).as("compiled and interpreted code give the same bits").isNotEmpty()
                .isEqualTo(ChildJvm.outputs(ChildJvm.run(java, folder, "Piece", 1, "-Xint")));
        // Without inlining each method has to be compiled by itself.
        List<String> apart = ChildJvm.run(java, folder, "Piece", WARM, "-XX:+PrintCompilation", "-Xbatch",
                "-XX:CompileCommand=quiet", "-XX:CompileCommand=dontinline,Piece::*");
        check(apart);
        for (var method : files.own().classFile().methods()) {
            switch (method.definition().access()) {
                case STATIC, PROTECTED -> {
                    Pattern byC2 = Pattern
                            .compile(" 4 +" + Pattern.quote("Piece::" + method.definition().name() + " ("));
                    assertThat(apart).as("C2 compiles " + method.definition().name())
                            .anyMatch(line -> byC2.matcher(line).find());
                }
                case PUBLIC, PUBLIC_STATIC, CONSTRUCTOR, INITIALIZER -> {
                }
            }
        }
    }

    private static void check(List<String> lines) {
        assertThat(lines).noneMatch(line -> line.contains("COMPILE SKIPPED") && line.contains("Piece::"))
                .noneMatch(line -> line.contains("made not compilable") && line.contains("Piece::"))
                .contains("ALLOCATED 0");
    }
}
