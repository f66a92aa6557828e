package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Grid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * A program as text that is the same for the same program: what golden files hold and {@code explain --after} shows.
 */
public final class KernelPrinter {
    /** Constants of up to this many elements are written out; of others the length and a checksum. */
    private static final int SHORT = 8;

    private final KernelProgram program;
    private final StringBuilder text = new StringBuilder();

    private KernelPrinter(KernelProgram program) {
        this.program = program;
    }

    public static String print(KernelProgram program) {
        return new KernelPrinter(program).print();
    }

    private String print() {
        line("program " + program.name());
        program.inputs().forEach(port -> line("input " + port(port)));
        program.outputs().forEach(port -> line("output " + port(port)));
        program.buffers().forEach(buffer -> line(buffer(buffer)));
        for (int i = 0; i < program.constants().size(); i++) {
            line(new ConstantId(i) + " = " + constant(program.constants().get(i)));
        }
        program.kernels().forEach(this::kernel);
        return text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String port(KernelProgram.Port port) {
        return port.name() + ": " + port.element() + port.shape() + " in " + port.buffer();
    }

    private static String buffer(Buffer buffer) {
        String layout = switch (buffer.layout()) {
            case Layout.Plain plain -> plain.rows() + " x " + plain.channels();
            case Layout.Planes planes -> planes.rows() + " x " + planes.channels() + " planes of " + planes.code();
        };
        String place = buffer.offset() < 0 ? "" : " at " + buffer.offset();
        return buffer.id() + " = " + word(buffer.role()) + " " + word(buffer.bank()) + " " + layout + place + " '"
                + buffer.name() + "'";
    }

    private static String constant(ConstantArray constant) {
        String content = switch (constant) {
            case ConstantArray.Longs c -> "longs " + content(c.length(), i -> Long.toHexString(c.values()[i]));
            case ConstantArray.Ints c -> "ints " + content(c.length(), i -> Integer.toString(c.values()[i]));
            case ConstantArray.Floats c -> "floats " + content(c.length(), i -> Float.toString(c.values()[i]));
            case ConstantArray.Bytes c -> "bytes " + content(c.length(), i -> Byte.toString(c.values()[i]));
        };
        return content + " '" + constant.name() + "'";
    }

    private static String content(int length, IntFunction<String> element) {
        if (length <= SHORT) {
            return IntStream.range(0, length).mapToObj(element).toList().toString();
        }
        CRC32 checksum = new CRC32();
        for (int i = 0; i < length; i++) {
            checksum.update((element.apply(i) + ",").getBytes(StandardCharsets.US_ASCII));
        }
        return "[" + length + "] crc " + Long.toHexString(checksum.getValue());
    }

    private void kernel(Kernel kernel) {
        switch (kernel) {
            case Kernel.PixelKernel k -> {
                line(k.name() + ": " + k.producer().rows() + " x " + k.producer().channels());
                line("    " + producer(k.producer(), k));
                k.epilogue().forEach(step -> line("    " + step(step)));
            }
            case Kernel.RowByRow(Kernel.PixelKernel first, Kernel.PixelKernel second) -> {
                kernel(first);
                line("row by row with");
                kernel(second);
            }
            case Kernel.PoolByStrips(Kernel.PixelKernel first, Kernel.PixelKernel second) -> {
                kernel(first);
                line("pooled by strips in");
                kernel(second);
            }
            case Kernel.MeasureRange k -> line(k.name() + ": " + k.output() + (k.magnitudes()
                    ? " = magnitude of "
                    : " = range of ") + k.input() + " "
                    + k.rows() + " x " + k.channels() + (k.perRow() ? " per row" : ""));
            case Kernel.MeasureCodes k -> line(k.name() + ": " + k.output() + " = range of " + k.input() + " "
                    + k.elements() + " " + k.rows() + " x " + k.channels());
            case Kernel.DeriveScale k -> line(k.name() + ":" + k.scale().map(id -> " scale " + id).orElse("")
                    + k.zero().map(id -> " zero " + id).orElse("") + " = " + k.grid() + " of " + k.count()
                    + " ranges " + k.ranges());
            case Kernel.TableLookUp k ->
                line(k.name() + ": " + k.output() + " = " + k.table() + "[" + k.input() + "]"
                        + (k.count() == 1 ? "" : " of " + k.count()) + (k.rows() == 1 ? "" : " for " + k.rows()));
            case Kernel.RowStatistic k -> line(k.name() + ": " + k.output() + " = row " + word(k.statistic()) + " "
                    + k.input() + " " + k.rows() + " x " + k.channels());
            case Kernel.MatrixProduct k -> line(k.name() + ": " + k.output() + " = " + k.left() + " "
                    + k.leftElements() + k.leftZero().map(zero -> " less " + zero(zero)).orElse("") + " x "
                    + k.right() + " " + k.rightElements()
                    + k.rightZero().map(zero -> " less " + zero(zero)).orElse("") + ", " + k.matrices() + " of "
                    + k.rows() + " x " + k.depth() + " by " + k.depth() + " x " + k.channels());
            case Kernel.Softmax k -> line(k.name() + ": " + k.output() + " = softmax " + k.input() + " " + k.rows()
                    + " x " + k.channels());
            case Kernel.ArgMax k -> line(k.name() + ": " + k.output() + " = argmax " + k.input()
                    + code(k.elements()) + " " + k.rows() + " x " + k.channels());
            case Kernel.StridedCopy k -> line(k.name() + ": " + k.output() + "[" + k.outputOffset() + " + "
                    + k.outputStrides() + "] = " + k.input() + "[" + k.inputOffset() + " + " + k.inputStrides()
                    + "] over " + k.extents());
            case Kernel.OrPool k -> line(k.name() + ": " + k.output() + " = or pool " + k.input() + " "
                    + window(k.window()) + " x " + k.channels());
            case Kernel.WidenImage k -> line(k.name() + ": " + k.output() + " = " + switch (k.lane()) {
                case F32 -> "f32 of ";
                case I16 -> "pairs of ";
                case I8 -> "twice ";
            } + k.input() + code(k.elements())
                    + ", " + k.image().height() + "x" + k.image().width() + " x " + k.channels()
                    + (k.pitch() == k.channels() ? "" : " of " + k.pitch())
                    + k.zero().map(zero -> ", zero " + zero(zero)).orElse("") + margin(k.image(), k.margin()));
            case Kernel.BuildTables k -> line(k.name() + ": " + k.output() + " = tables of " + k.input()
                    + " " + k.form().code() + " " + k.image().inside() + " x " + k.channels() + " for "
                    + word(k.form().form()) + margin(k.image(), k.margin()));
        }
    }

    private static String margin(PaddedImage image, int margin) {
        return image.padded()
                ? ", margin [" + image.top() + ", " + image.left() + ", " + image.bottom() + ", " + image.right()
                        + "] of " + margin
                : "";
    }

    private static String producer(Producer producer, Kernel.PixelKernel kernel) {
        return switch (producer) {
            case Producer.Load p -> "load " + p.input() + code(p.elements());
            case Producer.LoadConstant p -> "load " + p.constant() + code(p.elements());
            case Producer.PopcountProduct p -> "popcount " + packed(p) + p.patch().map(id -> ", patch " + id).orElse("")
                    + (p.inColumns() ? ", panels of " + p.bits().layout().panelChannels() : "") + ", by " + kernel
                            .schedule();
            case Producer.LookUpProduct p -> "look up " + packed(p) + ", panels of " + p.lanes() + ", by " + kernel
                    .schedule();
            case Producer.MultiplyProduct p -> "multiply " + p.input() + code(p.elements()) + " x " + p.weights()
                    + (p.floating() ? " f32" : " i32") + ", " + window(p.window()) + " x " + p.inputChannels()
                    + (p.groups() > 1 ? " in " + p.groups() + " groups" : "")
                    + p.zero().map(zero -> ", zero " + zero(zero)).orElse("") + (p.window().geometry().padded()
                            ? ", padding " + word(p.padding())
                            : "")
                    + ", accumulator " + p.accumulator() + ", by " + kernel.schedule();
            case Producer.TileProduct p -> "tiles of " + p.input() + " x " + p.weights() + (p.floating()
                    ? " f32"
                    : switch (p.lane()) {
                        case F32 -> " i32 by ";
                        case I16 -> " i16 by ";
                        case I8 -> " i8 by ";
                    } + p.exact() + p.starts().map(id -> " from " + id).orElse("")) + ", " + window(p.window()) + " x "
                    + p
                            .inputChannels()
                    + (p.pitch() == p.inputChannels() ? "" : " of " + p.pitch())
                    + (p.depthwise() ? " in " + p.groups() + " groups" : "") + ", lanes " + p.lanes()
                    + ", accumulator " + p.accumulator() + ", by " + kernel.schedule();
            case Producer.Pool p -> word(p.kind()) + " of " + p.input() + code(p.elements()) + ", " + window(p.window())
                    + ", accumulator " + p.accumulator();
        };
    }

    private static String packed(Producer.PackedProduct p) {
        return p.input() + " " + p.activation() + " x " + p.weights() + " " + word(p.form()) + " from " + p
                .corrections().sums()
                + ", " + window(p.window()) + " x " + p.inputChannels()
                + p.corrections().zero().map(id -> ", zero " + id + " x " + p.corrections().weightSums().get()).orElse(
                        "")
                + p.corrections().borderSums().map(id -> ", padding " + p.corrections().paddingFactor() + " x " + id)
                        .orElse("") + ", accumulator "
                + p.accumulator();
    }

    private static String step(Step step) {
        return switch (step) {
            case Step.ToFloat s -> "to f32";
            case Step.SubtractZero s -> "subtract zero " + zero(s.zero());
            case Step.Multiply s -> "multiply " + s.factors();
            case Step.Rescale s -> "rescale " + s.scale() + (s.perRow() ? " per row" : "")
                    + s.weightScale().map(id -> " x " + id).orElse("");
            case Step.Affine s -> "affine " + s.scale() + ", " + s.shift();
            case Step.Mean s -> "mean of " + s.count();
            case Step.WithConstant s -> word(s.function()) + " " + (s.constantFirst()
                    ? s.constants() + ", _"
                    : "_, " + s.constants());
            case Step.WithBuffer s -> word(s.function()) + " "
                    + (s.otherFirst() ? s.other() + ", _" : "_, " + s.other()) + switch (s.spread()) {
                        case NONE -> "";
                        case OVER_ROWS -> " one row";
                        case OVER_CHANNELS -> " one channel";
                    };
            case Step.WithCodes s -> {
                String numbers = s.scale() + " x (" + s.codes() + " " + s.code() + " - " + s.zero() + ")";
                yield word(s.function()) + " " + (s.codesFirst() ? numbers + ", _" : "_, " + numbers);
            }
            case Step.Activation s -> s.function().toString();
            case Step.Clip s -> "clip " + s.low() + ".." + s.high();
            case Step.PRelu s -> "prelu " + s.slope();
            case Step.Requantize s -> "requantize" + s.bias().map(id -> " bias " + id).orElse("") + " by " + s
                    .mantissas()
                    + " shift " + s.shifts() + " " + s.rounding().name().toLowerCase(Locale.ROOT) + ", zero " + s.zero()
                    + ", " + s.lowest() + ".." + s.highest() + ", " + s.result();
            case Step.LookUp s -> "look up " + s.table() + " from " + s.first()
                    + (s.entries().coded() ? ", " + s.entries() : "");
            case Step.WithLookUp s -> (s.product() ? "times" : "plus") + " look up " + s.table() + " at " + s.other();
            case Step.AddShifted s -> "add codes " + shifted("_", s.left()) + " + " + shifted(s.other() + " " + s.of(),
                    s.otherLeft()) + " + " + s.offset();
            case Step.AddInts s -> "add " + s.other();
            case Step.Saturate s -> "saturate zero " + s.zero() + ", " + s.lowest() + ".." + s.highest() + ", "
                    + s.code();
            case Step.Threshold s -> "threshold " + s.thresholds() + " of " + s.levels()
                    + s.directions().map(id -> " directions " + id).orElse("") + " to " + s.base() + " + " + s.step()
                    + " n, " + s.code() + (s.byLevel() ? ", by level" : "");
            case Step.Quantize s -> "quantize " + quantizer(s.grid(), s.scale(), s.zero());
            case Step.QuantizeToReal s -> "quantize to f32 " + quantizer(s.grid(), s.scale(), s.zero());
            case Step.Sign s -> "sign";
            case Step.Ternarize s -> "ternarize " + s.threshold();
            case Step.StorePlain s -> "store " + s.output() + " stride " + s.rowStride()
                    + (s.channelOffset() == 0 ? "" : " from " + s.channelOffset());
            case Step.Fold s -> "fold " + word(s.kind()) + " " + s.output();
            case Step.Peaks s -> "peaks of " + s.rows() + " rows " + s.output();
            case Step.StorePlanes s -> "pack " + s.output() + (s.flattened() ? " flattened" : "");
        };
    }

    private static String quantizer(Grid grid, Step.ScaleSource scale, Step.ZeroSource zero) {
        return grid + ", scale " + switch (scale) {
            case Step.ScaleSource.Fixed f -> Float.toString(f.value());
            case Step.ScaleSource.Measured m -> m.buffer() + (m.perRow() ? " per row" : "");
        } + ", zero " + zero(zero);
    }

    private static String shifted(String value, int left) {
        return left == 0 ? value : "(" + value + " << " + left + ")";
    }

    private static String zero(Step.ZeroSource zero) {
        return switch (zero) {
            case Step.ZeroSource.Fixed f -> Integer.toString(f.value());
            case Step.ZeroSource.Measured m -> m.buffer() + (m.perRow() ? " per row" : "");
        };
    }

    private static String window(Window window) {
        Geometry g = window.geometry();
        StringBuilder text = new StringBuilder().append(window.inputHeight()).append('x').append(window.inputWidth());
        if (window.direct()) {
            return text.toString();
        }
        text.append(" by ").append(g.kernelHeight()).append('x').append(g.kernelWidth());
        if (g.strideHeight() != 1 || g.strideWidth() != 1) {
            text.append(" stride ").append(g.strideHeight()).append('x').append(g.strideWidth());
        }
        if (g.dilationHeight() != 1 || g.dilationWidth() != 1) {
            text.append(" dilation ").append(g.dilationHeight()).append('x').append(g.dilationWidth());
        }
        if (g.padded()) {
            text.append(" pad ").append(List.of(g.padTop(), g.padLeft(), g.padBottom(), g.padRight()));
        }
        return text.toString();
    }

    private static String code(ValueKind kind) {
        return kind.coded() ? " " + kind : "";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
