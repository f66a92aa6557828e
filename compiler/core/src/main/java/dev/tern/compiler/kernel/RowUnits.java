package dev.tern.compiler.kernel;

import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;

/** The rows that a thread computes of a product at least, so that no two threads share what is kept of them. */
public final class RowUnits {
    private RowUnits() {
    }

    /**
     * How many they are; 0 of one row, where rows are gathered first or come one by one, and where threads may share
     * columns of channels rather than rows.
     */
    public static int of(PixelKernel kernel) {
        if (!(kernel.producer() instanceof Producer.Product product) || product.rows() == 1) {
            return 0;
        }
        Window window = product.window();
        return switch (kernel.schedule()) {
            case Tiles tiles when product.groups() > 1 -> window.unit(tiles.rows(), window.lines(tiles.rows()), false);
            case Tiles _ -> ofBlocks(product);
            case LookUps lookUps -> window.unit(lookUps.rows(), 1, false);
            default -> 0;
        };
    }

    private static int ofBlocks(Producer.Product product) {
        TileBlock block = TileBlock.of(product.shape());
        int unit = product.window().unit(block.rows(), block.lines(), true);
        int units = (product.rows() + unit - 1) / unit;
        return units * Producer.COLUMN < product.channels() ? 0 : unit;
    }
}
