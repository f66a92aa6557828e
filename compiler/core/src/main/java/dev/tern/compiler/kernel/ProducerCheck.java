package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.schedule.KernelSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
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

/** What the verifier asks of producers. */
final class ProducerCheck {
    private final KernelCheck check;

    ProducerCheck(KernelCheck check) {
        this.check = check;
    }

    /** Whether a kernel's schedule is for what its producer does. */
    void check(Producer producer, KernelSchedule schedule) {
        check(producer);
        boolean fits = switch (producer) {
            case Producer.PopcountProduct p -> !p.inColumns()
                    ? schedule instanceof PopcountLoops
                    : schedule instanceof PopcountPanels panels && panels.vectors() == p.bits().layout().panelVectors()
                            || schedule instanceof CarrySavePanels && p.bits().layout()
                                    .panelVectors() == CarrySavePanels.VECTORS && countsDifferences(p)
                            || schedule instanceof ShortPanels && p.bits().layout().shorts() && countsDifferences(p)
                                    && p.bits().layout().words() <= ShortPanels.MOST_WORDS;
            case Producer.LookUpProduct _ -> schedule instanceof LookUps;
            case Producer.TileProduct p -> schedule instanceof Tiles tiles && tiles.vectors() * p
                    .vectorChannels() <= Producer.COLUMN && p.lane() == tiles.lane();
            // A product that has its schedule already and is still to be packed for it.
            case Producer.MultiplyProduct p -> schedule instanceof Multiplications || schedule instanceof Tiles
                    || schedule instanceof Lines lines && p.depthwise() && (!lines.pairs() || p.floating() && LineParts
                            .of(p).slides(p.window().geometry()))
                    || schedule instanceof ChannelsFirst && ChannelParts.possible(p)
                    || schedule instanceof ProductSchedule && p.groups() == 1 && p.elements().coded() && !p.floating();
            case Producer.Load _,Producer.LoadConstant _,Producer.Pool _ -> schedule instanceof KernelSchedule.Plain;
        };
        check.that(fits, "is no product that runs as " + schedule);
    }

    private static boolean countsDifferences(Producer.PopcountProduct p) {
        return p.form() != Producer.WeightForm.INTEGER && p.activation().bipolar();
    }

    private void check(Producer producer) {
        check.that(producer.rows() > 0 && producer.channels() > 0, "produces nothing");
        switch (producer) {
            case Producer.Load p -> {
                if (!ValueKind.of(p).equals(ValueKind.SUM)) {
                    check.code(ValueKind.of(p));
                }
                check.plain(p.input(), p.bank(), p.rows() * p.channels());
            }
            case Producer.LoadConstant p -> {
                check.code(ValueKind.of(p));
                check.kind(p.constant(), ValueKind.of(p));
                check.that(check.constant(p.constant()).length() == p.rows() * p.channels(),
                        p.constant() + " has " + check.constant(p.constant()).length() + " elements, wanted "
                                + p.rows() * p.channels());
            }
            case Producer.PopcountProduct p -> checkPopcount(p);
            case Producer.LookUpProduct p -> checkLookUp(p);
            case Producer.MultiplyProduct p -> checkMultiply(p);
            case Producer.TileProduct p -> checkTiles(p);
            case Producer.Pool p -> {
                check.code(ValueKind.of(p));
                check.window(p.window());
                boolean strip = check.buffer(p.input()).role() == Buffer.Role.SCRATCH;
                check.plain(p.input(), p.bank(), (strip
                        ? p.window().geometry().kernelHeight() * p.window().inputWidth()
                        : inputRows(p.window())) * p.channels());
                check.plain(p.accumulator(), p.bank() == Bank.F32 ? Bank.F32 : Bank.I32, p.channels());
                check.that(switch (p.kind()) {
                    case MAX -> true;
                    case AVERAGE -> p.bank() == Bank.F32;
                    case SUM -> p.bank() != Bank.F32;
                }, p.kind() + " of " + p.elements());
            }
        }
    }

    private void checkPopcount(Producer.PopcountProduct p) {
        check.planes(p.input(), inputRows(p.window()), p.inputChannels());
        if (check.buffer(p.input()).layout() instanceof Layout.Planes planes) {
            check.that(planes.code().equals(p.activation()),
                    p.input() + " holds " + planes.code() + ", wanted " + p.activation());
        }
        check.that(p.bits().word() == check.word(), "words of " + p.bits().word().bits() + " bits");
        check.words(p.weights(), p.bits().layout().length());
        check.that(p.groups() == 1, "packed weights of " + p.groups() + " groups");
        check.that(p.bits().layout().words() == (p.bits().layout().shorts()
                ? (p.shape().depth() + Short.SIZE - 1) / Short.SIZE
                : p.words()) && p.bits().layout().channels() == p.channels(),
                "weights laid out for other products: " + p.bits().layout());
        checkCorrections(p);
        check.that(p.patch().isPresent() != p.window().direct(), "patch of a direct window, or none of another");
        int patch = p.activation().bits() * p.words();
        p.patch().ifPresent(id -> check.plain(id, Bank.of(p.bits().word()), Math.max(1, check.buffer(id).length()
                / patch)
                * patch));
    }

    private void checkLookUp(Producer.LookUpProduct p) {
        check.that(LookUpForm.possible(p.activation()), "look-up of " + p.activation());
        check.plain(p.input(), Bank.I8, p.image().rows() * p.lookUp().rowBytes(p.inputChannels()));
        check.constant(p.weights(), ConstantArray.Bytes.class, p.weightLength());
        checkCorrections(p);
    }

    private void checkCorrections(Producer.PackedProduct p) {
        check.window(p.window());
        check.perChannel(p.corrections().sums(), ConstantArray.Ints.class, p.channels());
        check.that(p.corrections().zero().isPresent() == p.corrections().weightSums().isPresent(),
                "zero point without sums of weights");
        p.corrections().zero().ifPresent(id -> check.scalarOr(id, Bank.I32, inputRows(p.window())));
        p.corrections().zero().ifPresent(id -> check.that(p.window().direct() || check.buffer(id).length() == 1,
                "zero points per row under a window"));
        p.corrections().weightSums().ifPresent(id -> check.constant(id, ConstantArray.Ints.class, p.channels()));
        p.corrections().borderSums().ifPresent(id -> check.constant(id, ConstantArray.Ints.class,
                p.window().borderSums(p.channels()).length()));
        check.that(p.corrections().borderSums().isEmpty() || p.window().geometry().padded(),
                "sums of the border without padding");
        check.that(p.corrections().borderSums().isPresent() || p.corrections().paddingFactor() == 0,
                "padding without sums of the border");
        int length = check.buffer(p.accumulator()).length();
        check.plain(p.accumulator(), Bank.I32, !p.inColumns()
                ? p.channels()
                : Math.max(1, length / Producer.COLUMN) * Producer.COLUMN);
    }

    private void checkMultiply(Producer.MultiplyProduct p) {
        check.window(p.window());
        check.that(p.bank() == Bank.F32 || p.bank() == Bank.I8, "product of bank " + p.bank());
        check.that(p.groups() > 0 && p.inputChannels() % p.groups() == 0 && p.channels() % p.groups() == 0,
                p.groups() + " groups of " + p.inputChannels() + " and " + p.channels());
        check.plain(p.input(), p.bank(), inputRows(p.window()) * p.inputChannels());
        boolean floatingWeights = check.constant(p.weights()) instanceof ConstantArray.Floats;
        check.constant(p.weights(), floatingWeights ? ConstantArray.Floats.class : ConstantArray.Bytes.class,
                p.window().geometry().taps() * (p.inputChannels() / p.groups()) * p.channels());
        check.that(p.floating() == (p.bank() == Bank.F32 || floatingWeights), "floating is " + p.floating());
        check.that(p.zero().isEmpty() || p.bank() == Bank.I8, "zero point of f32");
        check.zero(p.zero(), inputRows(p.window()), p.window().direct());
        check.plain(p.accumulator(), p.floating() ? Bank.F32 : Bank.I32, sums(p));
    }

    /** What a schedule that needs room for more than one row's sums has, or those of as many rows as find room. */
    private int sums(Producer.MultiplyProduct p) {
        int length = check.buffer(p.accumulator()).length();
        if (p.depthwise() && length > p.channels()) {
            Geometry geometry = p.window().geometry();
            int pairs = LineParts.of(p, true).elements(geometry);
            return length == pairs ? pairs : LineParts.of(p).elements(geometry);
        }
        return ChannelParts.possible(p) && length == ChannelParts.of(p).elements()
                ? length
                : Math.max(1, length / p.channels()) * p.channels();
    }

    private void checkTiles(Producer.TileProduct p) {
        check.window(p.window());
        check.that(p.groups() == 1 || p.groups() == p.inputChannels() && p.groups() == p.channels(),
                p.groups() + " groups of " + p.inputChannels() + " and " + p.channels());
        check.that(p.pitch() >= p.inputChannels(), "pixels of " + p.pitch() + " values");
        check.that(p.exact() > 0, "sums of " + p.exact() + " steps");
        boolean narrow = p.lane() != Lane.F32;
        check.that(!narrow || !p.floating() && (!p.depthwise() || p.lane() == Lane.I16 && p.exact() == p.steps()), p
                .lane() + " of what has none");
        check.that(p.lane() != Lane.I16 || p.pitch() % 2 == 0, "pairs of " + p.pitch());
        check.plain(p.input(), narrow ? Bank.I32 : Bank.F32, p.image().rows() * p.pixelElements());
        p.starts().ifPresent(starts -> {
            check.that(p.lane() == Lane.I8, p.lane() + " that begin with " + starts);
            int length = check.constant(starts).length();
            check.constant(starts, ConstantArray.Ints.class, length);
            check.that(length >= p.channels(), length + " numbers that sums begin with");
        });
        boolean floatingWeights = check.constant(p.weights()) instanceof ConstantArray.Floats;
        check.constant(p.weights(), floatingWeights ? ConstantArray.Floats.class : ConstantArray.Bytes.class,
                p.depth() * p.channels());
        check.that(p.floating() == (p.elements().floating() || floatingWeights), "floating is " + p.floating());
        int length = check.buffer(p.accumulator()).length();
        int least = p.depthwise() ? 1 : TileBlock.of(p.shape()).count() * (p.sumsBehind() && !narrow ? 2 : 1);
        check.plain(p.accumulator(), p.floating() ? Bank.F32 : Bank.I32, Math.max(least, length / Producer.COLUMN)
                * Producer.COLUMN);
    }

    private static int inputRows(Window window) {
        return window.inputHeight() * window.inputWidth();
    }
}
