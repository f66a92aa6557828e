package dev.tern.compiler.testing;

import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws for every product any schedule that its kernels can run, also those that the cost model never considers. */
public final class RandomSchedules implements CostModel.Choice {
    private final Target target;
    private final Random random;

    /** A choice that draws anew at every product. */
    public RandomSchedules(Target target, Random random) {
        this.target = target;
        this.random = random;
    }

    @Override
    public ProductSchedule of(String layer, ProductShape shape, List<CostModel.Candidate> candidates) {
        List<ProductSchedule> possible = new ArrayList<>(
                List.of(new ProductSchedule.Multiplications(1 + random.nextInt(10), 1 + random.nextInt(2) * random
                        .nextInt(5))));
        if (target.vectorized() && !target.vector() && shape.depthwise()) {
            possible.add(new ProductSchedule.Lines());
        }
        if (target.vectorized() && !target.vector() && shape.groups() == 1
                && shape.channels() >= ProductSchedule.ChannelsFirst.CHANNELS
                && shape.depth() >= ProductSchedule.ChannelsFirst.VALUES) {
            possible.add(new ProductSchedule.ChannelsFirst());
        }
        if (target.vector() && (shape.groups() == 1 || shape.depthwise())) {
            int vectors = shape.groups() > 1 ? 1 : 1 << random.nextInt(2 + random.nextInt(2));
            int rows = 1 + random.nextInt(vectors > 4 ? 3 : 8);
            possible.add(new ProductSchedule.Tiles(rows, Math.min(vectors, 64 / target.lanes())));
            if (shape.productsIn16Bits() >= (shape.depthwise() ? shape.taps() : 1)) {
                possible.add(new ProductSchedule.Tiles(rows, Math.min(vectors, 64 / target.lanes()),
                        ProductSchedule.Tiles.Lane.I16));
            }
            if (shape.productsInBytes() > 0 && shape.groups() == 1) {
                possible.add(new ProductSchedule.Tiles(rows, Math.clamp(vectors, 1, 16 / target.lanes()),
                        ProductSchedule.Tiles.Lane.I8));
            }
        }
        if (shape.packed()) {
            possible.add(new ProductSchedule.PopcountLoops(1 + random.nextInt(8)));
            if (target.vector()) {
                if (shape.bipolar() && shape.indexed()) {
                    possible.add(new ProductSchedule.CarrySavePanels(lines(shape)));
                    if (shape.depth() <= ProductSchedule.ShortPanels.MOST_WORDS * Short.SIZE) {
                        possible.add(new ProductSchedule.ShortPanels(lines(shape)));
                    }
                }
                int doubled = shape.oneCount() ? random.nextInt(3) : 0;
                possible.add(new ProductSchedule.PopcountPanels(2 << random.nextInt(3 - doubled), lines(shape),
                        1 << doubled));
            }
            if (shape.indexed() && target.vectorBits() >= 256 && shape.activationBits() > 1 && !shape.bipolar()) {
                boolean one = shape.activationBits() <= 4;
                int rows = one ? 1 + random.nextInt(2) : 1;
                int columns = one && rows == 1 && target.vectorBits() == 512 ? 1 + random.nextInt(2) : 1;
                possible.add(new ProductSchedule.LookUps(2 + random.nextInt(rows * columns > 1 ? 3 : 7), rows,
                        columns));
            }
        }
        return possible.get(random.nextInt(possible.size()));
    }

    private int lines(ProductShape shape) {
        int lines = 1 + random.nextInt(shape.lines());
        return shape.gathered() && shape.lines() % lines == 0 ? lines : 0;
    }
}
