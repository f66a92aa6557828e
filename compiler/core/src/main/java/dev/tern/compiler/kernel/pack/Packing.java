package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ChannelParts;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.LineParts;
import dev.tern.compiler.kernel.KernelRenaming;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.PaddedImage;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.Unused;
import dev.tern.compiler.kernel.schedule.KernelSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ShortPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.target.Word;
import dev.tern.runtime.layout.Interleaved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One program while its products are packed. Buffers and constants are numbered anew: what comes of a product stands
 * where its accumulator and its weights stood.
 */
public final class Packing {
    private final KernelProgram program;
    private final KernelNames names;
    private final ConstantPool constants = new ConstantPool();
    private final List<Buffer> buffers = new ArrayList<>();
    private final Map<ConstantId, ConstantId> newConstants = new HashMap<>();
    private final Map<ConstantId, ConstantId> byLevel = new HashMap<>();
    private final Map<BufferId, BufferId> newBuffers = new HashMap<>();
    private final Map<String, PackedForm> forms = new HashMap<>();
    private final Map<PlainRows, BufferId> planes = new HashMap<>();
    private final Map<Tables, BufferId> tables = new HashMap<>();
    private final Map<Widened, BufferId> widened = new HashMap<>();
    /** What stands before the kernel of a name. */
    private final Map<String, Kernel> makers = new HashMap<>();

    private Packing(KernelProgram program) {
        this.program = program;
        names = new KernelNames(program.kernels().stream().map(Kernel::name).toList());
    }

    /** Codes in a plain buffer, as they are viewed; packed once for all that want them so. */
    private record PlainRows(BufferId buffer, int rows, int channels) {
    }

    /** Tables of codes in a plain buffer, built once for all that read them so. */
    private record Tables(BufferId codes, PaddedImage image, int channels, LookUpForm form, int margin) {
    }

    /** Values of a plain buffer for lanes of a kind, in their padding, made once for all that read them so. */
    private record Widened(BufferId values, ValueKind elements, PaddedImage image, int channels,
            Optional<ZeroSource> zero, int margin, int pitch, Lane lane) {
    }

    /** The program with the products packed whose schedules ask for it. */
    public static KernelProgram of(KernelProgram program) {
        return new Packing(program).packed();
    }

    private KernelProgram packed() {
        addConstants();
        addBuffers();
        KernelRenaming renaming = new KernelRenaming(newBuffers::get, newConstants::get);
        List<Kernel> kernels = new ArrayList<>();
        for (Kernel kernel : program.kernels()) {
            Optional.ofNullable(makers.get(kernel.name())).ifPresent(kernels::add);
            kernels.add(packed(kernel, renaming.of(kernel)));
        }
        KernelProgram whole = new KernelProgram(program.name(), program.documentation(), program.source(), buffers,
                constants.all(), kernels, program.inputs().stream().map(renaming::of).toList(),
                program.outputs().stream().map(renaming::of).toList(), program.budget(), program.target());
        return Unused.removed(whole);
    }

    private Kernel packed(Kernel kernel, Kernel renamed) {
        if (!(kernel instanceof PixelKernel old && renamed instanceof PixelKernel pixel)) {
            return renamed;
        }
        List<Step> steps = new ArrayList<>(pixel.epilogue());
        for (int i = 0; i < steps.size(); i++) {
            if (old.epilogue().get(i) instanceof Step.Threshold threshold
                    && byLevel.containsKey(threshold.thresholds())) {
                steps.set(i, threshold.byLevel(byLevel.get(threshold.thresholds()),
                        threshold.directions().map(newConstants::get)));
            }
        }
        PackedForm form = forms.get(kernel.name());
        return new PixelKernel(pixel.name(), pixel.origin(), form == null ? pixel.producer() : form.producer(this),
                steps, pixel.schedule());
    }

    // Constants

    private void addConstants() {
        Map<ConstantId, List<PackedForm>> ofWeights = new HashMap<>();
        Map<ConstantId, Integer> levels = new HashMap<>();
        for (Kernel kernel : program.kernels()) {
            if (kernel instanceof PixelKernel pixel) {
                form(pixel).ifPresent(form -> {
                    forms.put(pixel.name(), form);
                    ofWeights.computeIfAbsent(form.product().weights(), id -> new ArrayList<>()).add(form);
                });
                pixel.epilogue().stream().filter(Step.Threshold.class::isInstance).map(Step.Threshold.class::cast)
                        .forEach(step -> levels.put(step.thresholds(), step.levels()));
            }
        }
        for (int i = 0; i < program.constants().size(); i++) {
            ConstantId id = new ConstantId(i);
            ofWeights.getOrDefault(id, List.of()).forEach(form -> form.addConstants(constants));
            if (program.target().vector() && levels.containsKey(id)) {
                byLevel(program.constant(id), levels.get(id)).ifPresent(array -> byLevel.put(id,
                        constants.add(array)));
            }
            newConstants.put(id, constants.add(program.constant(id)));
        }
    }

    /** Thresholds [channel][level] as [level][channel], for vectors of channels; empty where both are the same. */
    private static Optional<ConstantArray> byLevel(ConstantArray thresholds, int levels) {
        int channels = thresholds.length() / levels;
        if (levels == 1 || channels == 1) {
            return Optional.empty();
        }
        return Optional.of(ConstantArray.laidOut(thresholds.name(), thresholds, new Interleaved(channels)));
    }

    private Optional<PackedForm> form(PixelKernel kernel) {
        if (!(kernel.producer() instanceof MultiplyProduct product)) {
            return Optional.empty();
        }
        return switch (kernel.schedule()) {
            case PopcountLoops _ -> Optional.of(popcount(kernel, product, 0, 0, 0, 1));
            case PopcountPanels panels -> Optional.of(popcount(kernel, product, program.target().lanes() / 2,
                    panels.vectors(), panels.lines(), panels.rows()));
            case CarrySavePanels panels -> Optional.of(popcount(kernel, product, program.target().lanes() / 2,
                    CarrySavePanels.VECTORS, panels.lines(), 1));
            case ShortPanels panels -> Optional.of(new PopcountPacking(kernel, weights(product),
                    program.target().word(), weights(product).layoutOfShorts(program.target().lanes() / 2),
                    panels.lines(), 1));
            case LookUps lookUps -> Optional.of(new LookUpPacking(kernel, weights(product),
                    program.target().vectorBits() / Byte.SIZE, lookUps.rows() * lookUps.columns()));
            case Tiles _ -> Optional.of(new TilePacking(kernel, program.constant(product.weights()),
                    program.target().lanes()));
            case Lines _ -> Optional.of(new RoomPacking(kernel, LineParts.of(product).elements(product.window()
                    .geometry())));
            case ChannelsFirst _ -> Optional.of(new RoomPacking(kernel, ChannelParts.of(product).elements()));
            case Multiplications loops -> Optional.of(loops).filter(several -> several.rows() > 1 && product
                    .groups() == 1
                    && !product.depthwise())
                    .map(several -> new RoomPacking(kernel, several.rows() * product.channels()));
            case KernelSchedule.Plain _ -> Optional.empty();
        };
    }

    private PackedForm popcount(PixelKernel kernel, MultiplyProduct product, int lanes, int vectors, int lines,
            int rows) {
        UnpackedCodes weights = weights(product);
        Word word = program.target().word();
        return new PopcountPacking(kernel, weights, word, weights.layout(word, lanes, vectors), lines, rows);
    }

    private UnpackedCodes weights(MultiplyProduct product) {
        if (!(program.constant(product.weights()) instanceof ConstantArray.Bytes bytes) || product.groups() != 1) {
            throw new IllegalStateException("weights that cannot be packed have a schedule for packed ones");
        }
        return new UnpackedCodes(bytes, product.channels(), product.window().geometry().taps(),
                product.inputChannels());
    }

    // Buffers

    private void addBuffers() {
        Map<BufferId, PackedForm> ofAccumulators = new HashMap<>();
        program.kernels().forEach(kernel -> Optional.ofNullable(forms.get(kernel.name()))
                .ifPresent(form -> ofAccumulators.put(form.product().accumulator(), form)));
        for (Buffer buffer : program.buffers()) {
            Optional.ofNullable(ofAccumulators.get(buffer.id())).ifPresent(form -> form.addBuffers(this));
            newBuffers.put(buffer.id(), add(buffer.name(), buffer.bank(), buffer.layout(), buffer.role()));
        }
    }

    private BufferId add(String name, Bank bank, Layout layout, Buffer.Role role) {
        BufferId id = new BufferId(buffers.size());
        buffers.add(new Buffer(id, name, bank, layout, -1, role));
        return id;
    }

    /** The new number of a buffer. */
    BufferId of(BufferId old) {
        return newBuffers.get(old);
    }

    /** The new number of a constant. */
    ConstantId of(ConstantId old) {
        return newConstants.get(old);
    }

    BufferId scratch(Kernel kernel, String what, Bank bank, int rows, int channels) {
        return add(KernelNames.path(kernel.origin(), what), bank, new Layout.Plain(rows, channels),
                Buffer.Role.SCRATCH);
    }

    /** The planes of a product's codes, made before its kernel unless another has made them. */
    BufferId planes(PixelKernel product, BufferId codes, ElementType.Code code, int rows, int channels) {
        return planes.computeIfAbsent(new PlainRows(codes, rows, channels), absent -> {
            Word word = program.target().word();
            BufferId output = add(KernelNames.path(product.origin(), "packed"), Bank.of(word),
                    new Layout.Planes(rows, channels, code, word), Buffer.Role.VALUE);
            makers.put(product.name(), new PixelKernel(names.unique(product.origin(), "pack"), product.origin(),
                    new Producer.Load(of(codes), ValueKind.of(code), rows, channels),
                    List.of(new Step.StorePlanes(output, false)), KernelSchedule.PLAIN));
            return output;
        });
    }

    /**
     * A product's input for lanes of a kind, with its padding around it, made before its kernel unless another has made
     * it.
     *
     * @param pitch values from one pixel to the next
     * @param offset how much less than the values it is to hold
     */
    BufferId widened(PixelKernel kernel, PaddedImage image, int pitch, Lane lane, int offset) {
        MultiplyProduct product = (MultiplyProduct) kernel.producer();
        int margin = Corrections.value(product.padding()) - offset;
        Optional<ZeroSource> zero = offset == 0
                ? product.zero()
                : Optional.of(new ZeroSource.Fixed(Corrections.fixedZero(product) + offset));
        Widened key = new Widened(product.input(), product.elements(), image, product.inputChannels(), zero, margin,
                pitch, lane);
        return widened.computeIfAbsent(key, absent -> {
            BufferId output = add(KernelNames.path(kernel.origin(), switch (lane) {
                case F32 -> "widened";
                case I16 -> "pairs";
                case I8 -> "twice";
            }), lane == Lane.F32 ? Bank.F32 : Bank.I32, new Layout.Plain(image.rows(), lane == Lane.I16
                    ? pitch / 2
                    : pitch), Buffer.Role.VALUE);
            makers.put(kernel.name(), new Kernel.WidenImage(names.unique(kernel.origin(), "widen"), kernel.origin(),
                    of(product.input()), product.elements(), image, product.inputChannels(),
                    zero.map(this::of), margin, pitch, lane, output));
            return output;
        });
    }

    ZeroSource of(ZeroSource zero) {
        return switch (zero) {
            case ZeroSource.Fixed fixed -> fixed;
            case ZeroSource.Measured(var buffer, var perRow) -> new ZeroSource.Measured(of(buffer), perRow);
        };
    }

    /** The tables of a product's codes, built before its kernel unless another has built them. */
    BufferId tables(PixelKernel product, BufferId codes, PaddedImage image, int channels, LookUpForm form,
            int margin) {
        return tables.computeIfAbsent(new Tables(codes, image, channels, form, margin), absent -> {
            BufferId output = add(KernelNames.path(product.origin(), "tables"), Bank.I8,
                    new Layout.Plain(image.rows(), form.rowBytes(channels)), Buffer.Role.VALUE);
            makers.put(product.name(), new Kernel.BuildTables(names.unique(product.origin(), "tables"),
                    product.origin(), of(codes), image, channels, form, margin, output));
            return output;
        });
    }
}
