package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.target.Word;
import java.util.List;
import java.util.Optional;

/** The checks that all kinds of kernels share; offences are reported under the kernel's name. */
final class KernelCheck {
    private final KernelProgram program;
    private final String kernel;
    private final List<String> offences;

    KernelCheck(KernelProgram program, String kernel, List<String> offences) {
        this.program = program;
        this.kernel = kernel;
        this.offences = offences;
    }

    void offence(String text) {
        offences.add("kernel '" + kernel + "': " + text);
    }

    void that(boolean holds, String otherwise) {
        if (!holds) {
            offence(otherwise);
        }
    }

    /** The buffer holds as many unpacked elements of a bank. */
    void plain(BufferId id, Bank bank, int length) {
        Buffer buffer = program.buffer(id);
        that(buffer.bank() == bank, id + " lies in " + buffer.bank() + ", wanted " + bank);
        that(buffer.length() == length, id + " has " + buffer.length() + " elements, wanted " + length);
        that(buffer.layout() instanceof Layout.Plain, id + " is not plain");
    }

    /** The buffer holds one element, or as many as there are rows. */
    void scalarOr(BufferId id, Bank bank, int rows) {
        plain(id, bank, program.buffer(id).length() == 1 ? 1 : rows);
    }

    void planes(BufferId id, int rows, int channels) {
        Layout layout = program.buffer(id).layout();
        that(layout instanceof Layout.Planes && layout.rows() == rows && layout.channels() == channels,
                id + " is " + layout + ", wanted planes of " + rows + " x " + channels);
    }

    void constant(ConstantId id, Class<? extends ConstantArray> type) {
        ConstantArray constant = program.constant(id);
        that(type.isInstance(constant),
                id + " holds " + constant.getClass().getSimpleName() + ", wanted " + type.getSimpleName());
    }

    void constant(ConstantId id, Class<? extends ConstantArray> type, int length) {
        constant(id, type);
        that(program.constant(id).length() == length,
                id + " has " + program.constant(id).length() + " elements, wanted " + length);
    }

    /** The target's word. */
    Word word() {
        return program.target().word();
    }

    /** The constant holds words of packed bits. */
    void words(ConstantId id, int length) {
        constant(id, switch (word()) {
            case BITS_32 -> ConstantArray.Ints.class;
            case BITS_64 -> ConstantArray.Longs.class;
        }, length);
    }

    /** One element for all channels, or one per channel. */
    void perChannel(ConstantId id, Class<? extends ConstantArray> type, int channels) {
        constant(id, type, program.constant(id).length() == 1 ? 1 : channels);
    }

    /** One zero point for all, or one measured for each of so many rows where that may be. */
    void zero(Optional<Step.ZeroSource> zero, int rows, boolean perRow) {
        if (zero.isPresent() && zero.get() instanceof Step.ZeroSource.Measured measured) {
            plain(measured.buffer(), Bank.I32, measured.perRow() ? rows : 1);
            that(perRow || !measured.perRow(), "zero points per row under a window");
        }
    }

    void kind(ConstantId id, ValueKind kind) {
        constant(id, switch (kind.bank()) {
            case F32 -> ConstantArray.Floats.class;
            case I32 -> ConstantArray.Ints.class;
            case I8 -> ConstantArray.Bytes.class;
            case I64 -> ConstantArray.Longs.class;
        });
    }

    void code(ValueKind kind) {
        that(kind.bank() != Bank.I64, "values from bank I64");
    }

    void window(Window window) {
        Geometry g = window.geometry();
        that(window.inputHeight() > 0 && window.inputWidth() > 0 && window.outputHeight() > 0
                && window.outputWidth() > 0, "window " + window + " fits nowhere");
        that(g.kernelHeight() > 0 && g.kernelWidth() > 0 && g.strideHeight() > 0 && g.strideWidth() > 0
                && g.dilationHeight() > 0 && g.dilationWidth() > 0 && g.padTop() >= 0 && g.padLeft() >= 0
                && g.padBottom() >= 0 && g.padRight() >= 0, "window " + window);
    }

    Buffer buffer(BufferId id) {
        return program.buffer(id);
    }

    ConstantArray constant(ConstantId id) {
        return program.constant(id);
    }
}
