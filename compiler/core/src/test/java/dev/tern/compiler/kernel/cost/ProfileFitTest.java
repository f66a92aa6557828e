package dev.tern.compiler.kernel.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.kernel.cost.ProductShape.WeightSet;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Constants are found again that times were made of, and shapes from their texts. */
class ProfileFitTest {
    private static final Target TARGET = Target.vector(256);

    private static List<ProductShape> shapes() {
        List<ProductShape> shapes = new ArrayList<>();
        for (WeightSet weights : WeightSet.values()) {
            for (int bits : new int[]{0, 1, 2, 4, 8}) {
                boolean signs = bits == 1 && weights != WeightSet.INTEGER;
                shapes.add(new ProductShape(1, 1, 1, 1, 1024, 1024, 1, false, bits, signs, weights));
                shapes.add(new ProductShape(64, 1, 64, 1, 500, 300, 1, false, bits, signs, weights));
                shapes.add(new ProductShape(8, 9, 80, 9, 64, 96, 1, true, bits, signs, weights));
                shapes.add(new ProductShape(25, 5, 125, 9, 64, 64, 64, true, bits, signs, weights));
                if (weights == WeightSet.INTEGER) {
                    shapes.add(new ProductShape(8, 9, 80, 9, 64, 96, 1, true, bits, signs, weights, 3));
                }
            }
        }
        return shapes;
    }

    @Test
    void shapesAreReadAsTheyAreWritten() {
        assertThat(shapes()).allSatisfy(shape -> assertThat(ProductShape.of(shape.toString())).isEqualTo(shape));
        assertThatThrownBy(() -> ProductShape.of("28x28 rows of something"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no shape of a product: 28x28 rows of something");
    }

    @Test
    void choicesOfTheMachineThatWasMeasuredAreFound() {
        CostProfile machine = CostProfile.of(TARGET);
        for (Cost dear : List.of(Cost.SHORT_STEP, Cost.LOOK_UP, Cost.FOUR_ROWS_LOOK_UP, Cost.CARRY_SAVE_STEP)) {
            machine = machine.with(dear, 2.5 * machine.of(dear));
        }
        for (Cost cheap : List.of(Cost.STEP, Cost.TERNARY_STEP, Cost.LINE_STEP, Cost.TILE_STEP)) {
            machine = machine.with(cheap, 0.4 * machine.of(cheap));
        }
        List<ProfileFit.Sample> samples = new ArrayList<>();
        for (ProductShape shape : shapes()) {
            CostModel model = new CostModel(shape, TARGET, machine);
            PossibleSchedules.of(shape, TARGET).forEach(schedule -> samples.add(new ProfileFit.Sample("layer", shape,
                    schedule, model.candidate(schedule).nanoseconds())));
        }
        ProfileFit fit = ProfileFit.of(TARGET, samples);
        assertThat(fit.lossesBefore().getFirst().share()).isGreaterThan(0.5);
        assertThat(fit.losses().getFirst().share()).isLessThan(0.05);
        assertThat(fit.losses()).hasSameSizeAs(shapes());
        assertThat(fit.properties().lines()).hasSize(Cost.values().length)
                .allMatch(line -> line.matches("[a-z.0-9]+ = [0-9.E-]+"));
    }
}
