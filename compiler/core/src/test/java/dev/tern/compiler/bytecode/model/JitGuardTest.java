package dev.tern.compiler.bytecode.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HotSpot compiles every generated method of plain loops with C2 and skips none; a warm inference allocates nothing.
 */
class JitGuardTest {
    private static final int WARM = 15_000;
    @TempDir
    Path folder;

    @Test
    void onThisJava() throws Exception {
        guard(ChildJvm.own(), Pieces.everyKind(Target.PORTABLE, new Random(3)));
    }

    @Test
    void longLoopsOnThisJava() throws Exception {
        guard(ChildJvm.own(), Pieces.wide(Target.PORTABLE, new Random(3)));
    }

    @Test
    void onJava17() throws Exception {
        guard(java17(), Pieces.everyKind(Target.PORTABLE, new Random(3)));
    }

    @Test
    void longLoopsOnJava17() throws Exception {
        guard(java17(), Pieces.wide(Target.PORTABLE, new Random(3)));
    }

    /** A range, codes, and the look for NaN, each over thousands of values: C2 unrolls that by the widest vectors. */
    @Test
    void thousandsOfValuesOnJava17() throws Exception {
        guard(java17(), LoweredModels.of("""
                model Piece(x: f32[25, 5, 64]) -> (y: f32[25, 5, 64]) {
                    parameters "piece.safetensors"
                    y = x |> depthwise(3x3, weights: ternary(twn), activations: dynamic(8))
                }
                """, Target.PORTABLE, CostModel.Choice.CHEAPEST));
    }

    private static Path java17() throws Exception {
        Optional<Path> java17 = ChildJvm.ofJava17().findFirst();
        assumeTrue(java17.isPresent(), "no JDK 17 is installed beside this one");
        return java17.get();
    }

    private void guard(Path java, KernelProgram program) throws Exception {
        ModelFiles files = ModelFiles.of(Pieces.source(program), List.of(), new ClassName("", program.name()));
        new JitGuard(folder, java, WARM, List.of(), List.of(), List.of(), List.of("-Xint")).check(files, files.own()
                .classFile());
    }
}
