package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.loops.ProgramScope.PanelForm;
import java.util.ArrayList;
import java.util.List;

/** What the loops of a tile are made of: the sums in registers, the weights, and a step that adds to these. */
final class TileSteps {
    /** Lanes of vectors of up to 256 bits. */
    private static final int LANES = 8;
    /** How many registers there are of these, and of wider ones. */
    private static final int REGISTERS = 16;
    private static final int MORE_REGISTERS = 32;

    private final ProgramScope owner;
    private final TileProduct product;
    private final VectorOf floats;
    private final VectorOf ints;
    /** Vectors in a panel. */
    private final int vectors;
    /** Elements of a panel for one step. */
    private final int length;
    /** Whether the lanes of vectors have 16 bits. */
    private final boolean narrow;

    TileSteps(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        this.owner = owner;
        this.product = product;
        this.floats = new VectorOf(ValueType.FLOAT, product.lanes());
        this.ints = new VectorOf(ValueType.INT, product.lanes());
        this.vectors = ((Tiles) kernel.schedule()).vectors();
        this.length = (product.form() == TileProduct.Form.HALVES ? (vectors + 1) / 2 : vectors) * product.lanes();
        this.narrow = product.lane() != Lane.F32;
    }

    /** Vectors in a panel. */
    int vectors() {
        return vectors;
    }

    /** Elements of a panel for one step. */
    int length() {
        return length;
    }

    /** Whether the lanes of vectors have 16 bits. */
    boolean narrow() {
        return narrow;
    }

    /** Channels of a panel. */
    int width() {
        return vectors * product.vectorChannels();
    }

    /** Where the values of a window lie. */
    ProgramScope.WindowOffsets window() {
        Geometry g = product.window().geometry();
        return new ProgramScope.WindowOffsets(g.kernelHeight(), g.dilationHeight() * product.image().paddedWidth()
                * product.pixelElements(), g.kernelWidth(), g.dilationWidth() * product.pixelElements(), product
                        .pixelSteps());
    }

    /** What holds the weights of all panels. */
    Value.Global panels() {
        return owner.panels(switch (product.lane()) {
            case F32 -> switch (product.form()) {
                case FLOATS -> panels(PanelForm.FLOATS, 0);
                case CODES -> panels(PanelForm.CODES, 0);
                case HALVES -> panels(PanelForm.HALVES, product.lanes());
            };
            case I16 -> panels(PanelForm.PAIRS, product.inputChannels());
            case I8 -> panels(PanelForm.BYTES, product.lanes());
        });
    }

    private ProgramScope.Panels panels(PanelForm form, int together) {
        return new ProgramScope.Panels(product.weights(), product.channels(), width(), form, together);
    }

    /**
     * Whether registers hold the sums and all that a step reads. Where one index goes through a line the JIT compiler
     * looks at the bounds before the loop; nothing then keeps it from loading all values of a step at once, and what
     * finds no register would be a sum.
     */
    boolean fits(int rows, int count) {
        return rows <= mostRows(product.lanes(), count);
    }

    /** The rows of a tile of so many vectors whose sums, weights and values registers hold all at once. */
    static int mostRows(int lanes, int count) {
        return registers(lanes) / (count + 1) - 1;
    }

    /** How many vectors of so many 32-bit lanes registers hold. */
    static int registers(int lanes) {
        return lanes > LANES ? MORE_REGISTERS : REGISTERS;
    }

    /** Declares the sums of a tile, of as many vectors as it has in each row. */
    List<List<Local>> sums(Block block, int rows, int count) {
        List<List<Local>> sums = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Local> ofRow = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ofRow.add(block.declare("sum" + row + "_" + i, narrow
                        ? VectorValue.broadcast(ints.as(ValueType.Primitive.SHORT), Value.of(NarrowSums.start(
                                product)))
                        : VectorValue.broadcast(floats, Value.of(0f))));
            }
            sums.add(ofRow);
        }
        return sums;
    }

    /**
     * Adds the products of a step.
     *
     * @param panels the weights
     * @param at where those of the step begin
     * @param from the index, in the input, of the first row's value
     * @param distances from there to the value of each row
     */
    void add(RoutineScope scope, Block loop, Local panels, Local at, Local from, List<Integer> distances,
            List<List<Local>> sums) {
        List<Local> w = weights(loop, panels, at, sums.getFirst().size());
        for (int row = 0; row < distances.size(); row++) {
            Local x = loop.declare("x" + row, inLanes(VectorValue.broadcast(narrow ? ints : floats,
                    scope.element(product.input(), from.plus(distances.get(row))))));
            for (int i = 0; i < w.size(); i++) {
                Local sum = sums.get(row).get(i);
                loop.assign(sum, plusProduct(product, sum, w.get(i), x));
            }
        }
    }

    /** Declares the vectors of weights of a step as the tile multiplies them. @param at where they begin */
    private List<Local> weights(Block block, Local panels, Local at, int count) {
        List<Local> weights = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            weights.add(block.declare("w" + i, switch (product.form()) {
                case FLOATS -> inLanes(VectorValue.load(narrow ? ints : floats, panels, at.plus(i * product.lanes())));
                case CODES -> VectorValue.load(new VectorOf(ValueType.Primitive.BYTE, product.lanes()), panels, at.plus(
                        i * product.lanes())).to(ValueType.INT).to(ValueType.FLOAT);
                case HALVES -> {
                    Value both = VectorValue.load(ints, panels, at.plus(i / 2 * product.lanes()));
                    yield VectorValue.reinterpret(i % 2 == 0
                            ? both.shiftLeft(Short.SIZE)
                            : both.and(Value.of(-1 << Short.SIZE)), ValueType.FLOAT);
                }
            }));
        }
        return weights;
    }

    private Value inLanes(Value vector) {
        return narrow ? VectorValue.reinterpret(vector, ValueType.Primitive.SHORT) : vector;
    }

    /** Codes have the same sums however they are added. */
    static Value plusProduct(TileProduct product, Value sum, Value weight, Value x) {
        return product.floating() || product.lane() != Lane.F32
                ? sum.plus(weight.times(x))
                : MathFunction.FMA.of(weight, x, sum);
    }
}
