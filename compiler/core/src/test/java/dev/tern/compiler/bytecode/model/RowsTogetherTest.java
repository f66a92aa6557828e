package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.target.Target;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** A class has code for tiles of as many rows as lines are divided into, and for no other numbers. */
class RowsTogetherTest {
    private static final Pattern TILE = Pattern.compile("y_.*\\$tile([0-9]+)x.*");
    private static final CostModel.Choice BY_FOUR = (layer, shape, candidates) -> candidates.stream()
            .map(CostModel.Candidate::schedule)
            .filter(schedule -> schedule instanceof Tiles tiles && tiles.rows() == 4).findFirst()
            .orElse(candidates.getFirst().schedule());

    /** @param input height x width, without padding */
    @ParameterizedTest
    @CsvSource({
        // Lines of 8 rows come out even, two of 6 and four of 3 together, two of 7 or 5 do not.
        "10x10, 3x3, 4", "10x9, 3x3, 4 3", "10x8, 3x3, 4", "10x7, 3x3, 4 3", "10x5, 3x3, 4", "3x5, 3x3, 3",
        // Windows of one row are one line, of which 16 are taken at once: 4, 3, 2 and 5 are left.
        "10x10, 1x1, 4", "9x11, 1x1, 4 3", "14x7, 1x1, 4 2", "101x1, 1x1, 4 3 2"})
    void thereIsCodeForTheTilesOfLines(String input, String kernel, String rows) {
        KernelProgram program = LoweredModels.of("""
                model Piece(x: u8[%s, 3]) -> (y: f32[?, ?, 16]) {
                    y = x |> conv(16, %s, pad: valid, weights: int(8), activations: static(8, 0..255))
                }
                """.formatted(input.replace("x", ", "), kernel).replace("?, ?", output(input, kernel)),
                Target.vector(256), BY_FOUR);
        Set<Integer> counts = new TreeSet<>();
        new ClassReader(HiddenModel.emit(program).bytes()).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                    String[] exceptions) {
                Matcher tile = TILE.matcher(name);
                if (tile.matches()) {
                    counts.add(Integer.parseInt(tile.group(1)));
                }
                return null;
            }
        }, 0);
        Set<Integer> expected = new TreeSet<>();
        for (String count : rows.split(" ")) {
            expected.add(Integer.parseInt(count));
        }
        assertThat(counts).isEqualTo(expected);
    }

    private static String output(String input, String kernel) {
        String[] sizes = input.split("x");
        int less = Integer.parseInt(kernel.substring(0, 1)) - 1;
        return Integer.parseInt(sizes[0]) - less + ", " + (Integer.parseInt(sizes[1]) - less);
    }
}
