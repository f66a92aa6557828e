package dev.tern.compiler.kernel;

import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says everything that is wrong with a kernel program: ids, banks, lengths, kinds of values through epilogues, lengths
 * of constants, buffers read before they are written and, once the arena is planned, buffers that share memory while
 * both are needed. Offences are faults of the compiler, not of the model.
 */
public final class KernelVerifier {
    private final KernelProgram program;
    private final List<String> offences = new ArrayList<>();

    private KernelVerifier(KernelProgram program) {
        this.program = program;
    }

    /** All offences, one line each; empty when the program is sound. */
    public static List<String> verify(KernelProgram program) {
        KernelVerifier verifier = new KernelVerifier(program);
        verifier.checkTables();
        verifier.checkIds();
        if (verifier.offences.isEmpty()) {
            verifier.checkPorts();
            verifier.checkOrder();
            verifier.checkKernels();
            verifier.checkArena();
        }
        return List.copyOf(verifier.offences);
    }

    private void checkTables() {
        for (int i = 0; i < program.buffers().size(); i++) {
            Buffer buffer = program.buffers().get(i);
            if (buffer.id().index() != i) {
                offences.add("buffer " + buffer.id() + " stands at index " + i);
            }
            if (buffer.role() != Buffer.Role.SCRATCH && !fits(buffer)) {
                offences.add("buffer " + buffer.id() + ": " + buffer.layout() + " in bank " + buffer.bank());
            }
            if (buffer.layout().rows() < 1 || buffer.layout().channels() < 1) {
                offences.add("buffer " + buffer.id() + ": empty layout " + buffer.layout());
            }
        }
        Set<String> names = new HashSet<>();
        for (Kernel kernel : program.kernels()) {
            if (!names.add(kernel.name())) {
                offences.add("kernel '" + kernel.name() + "' occurs twice");
            }
        }
    }

    /** Whether a buffer that others read lies in a bank for what it holds. */
    private boolean fits(Buffer buffer) {
        return switch (buffer.layout()) {
            case Layout.Planes planes -> planes.word() == program.target().word() && buffer.bank() == Bank.of(planes
                    .word());
            // One plain row of longs holds the sums of a fold.
            case Layout.Plain plain -> buffer.bank() != Bank.I64 || plain.rows() == 1;
        };
    }

    private void checkIds() {
        for (Kernel kernel : program.kernels()) {
            KernelAccess access = KernelAccess.of(kernel);
            for (List<BufferId> ids : List.of(access.reads(), access.writes(), access.scratch())) {
                ids.forEach(id -> checkId(kernel.name(), id));
            }
            for (ConstantId id : access.constants()) {
                if (id.index() < 0 || id.index() >= program.constants().size()) {
                    offences.add("kernel '" + kernel.name() + "': no constant " + id);
                }
            }
        }
        program.inputs().forEach(port -> checkId(port.name(), port.buffer()));
        program.outputs().forEach(port -> checkId(port.name(), port.buffer()));
    }

    private void checkId(String user, BufferId id) {
        if (id.index() < 0 || id.index() >= program.buffers().size()) {
            offences.add("'" + user + "': no buffer " + id);
        }
    }

    private void checkPorts() {
        for (KernelProgram.Port port : program.inputs()) {
            checkPort("input", port, Buffer.Role.INPUT);
        }
        for (KernelProgram.Port port : program.outputs()) {
            checkPort("output", port, Buffer.Role.OUTPUT);
        }
    }

    private void checkPort(String what, KernelProgram.Port port, Buffer.Role role) {
        Buffer buffer = program.buffer(port.buffer());
        String name = what + " '" + port.name() + "'";
        if (buffer.role() != role) {
            offences.add(name + ": buffer " + buffer.id() + " has role " + buffer.role());
        }
        if (buffer.bank() != ValueKind.of(port.element()).bank()) {
            offences.add(name + ": " + port.element() + " in bank " + buffer.bank());
        }
        if (buffer.length() != port.shape().elements()) {
            offences.add(name + ": " + buffer.length() + " elements for " + port.shape());
        }
    }

    private void checkOrder() {
        Set<BufferId> written = new HashSet<>();
        program.inputs().forEach(port -> written.add(port.buffer()));
        for (Kernel kernel : program.kernels()) {
            KernelAccess access = KernelAccess.of(kernel);
            for (BufferId id : access.reads()) {
                if (!written.contains(id)) {
                    offences.add("kernel '" + kernel.name() + "' reads " + id + " before it is written");
                }
                if (program.buffer(id).role() == Buffer.Role.SCRATCH) {
                    offences.add("kernel '" + kernel.name() + "' reads scratch buffer " + id);
                }
            }
            for (BufferId id : access.writes()) {
                if (program.buffer(id).role() == Buffer.Role.INPUT) {
                    offences.add("kernel '" + kernel.name() + "' writes input buffer " + id);
                }
                if (access.reads().contains(id)) {
                    offences.add("kernel '" + kernel.name() + "' reads and writes " + id);
                }
            }
            for (BufferId id : access.scratch()) {
                if (program.buffer(id).role() != Buffer.Role.SCRATCH) {
                    offences.add("kernel '" + kernel.name() + "' uses " + id + " as scratch");
                }
            }
            written.addAll(access.writes());
        }
        for (KernelProgram.Port port : program.outputs()) {
            if (!written.contains(port.buffer())) {
                offences.add("output '" + port.name() + "' is never written");
            }
        }
    }

    private void checkKernels() {
        for (Kernel kernel : program.kernels()) {
            KernelCheck check = new KernelCheck(program, kernel.name(), offences);
            switch (kernel) {
                case Kernel.PixelKernel k -> checkPixels(check, k);
                case Kernel.RowByRow k -> {
                    checkPixels(check, k.first());
                    checkPixels(check, k.second());
                    check.that(k.first().producer().rows() == k.second().producer().rows(), "joins unlike rows");
                    check.that(k.first().byRows() && k.second().byRows(), "joins products of columns or lines");
                    check.that(program.buffer(k.between()).layout().rows() == 1,
                            k.between() + " is more than one row");
                    check.that(KernelAccess.of(k.first()).writes().equals(List.of(k.between())),
                            "stores elsewhere too");
                }
                case Kernel.PoolByStrips k -> {
                    checkPixels(check, k.first());
                    checkPixels(check, k.second());
                    check.that(k.second().producer() instanceof Producer.Pool pool && pool.input().equals(k.between())
                            && pool.window().inputHeight() * pool.window().inputWidth() == k.first().producer().rows()
                            && pool.window().stacked(), "is no pool of strips");
                    check.that(program.buffer(k.between()).layout().rows() == k.stripRows(),
                            k.between() + " is no strip");
                    check.that(KernelAccess.of(k.first()).writes().equals(List.of(k.between())),
                            "stores elsewhere too");
                }
                case Kernel.MeasureRange k -> {
                    check.plain(k.input(), Bank.F32, k.rows() * k.channels());
                    check.plain(k.output(), Bank.F32, k.perRow() ? 2 * k.rows() : 2);
                }
                case Kernel.MeasureCodes k -> {
                    check.plain(k.input(), Bank.I8, k.rows() * k.channels());
                    check.plain(k.output(), Bank.I8, 2);
                }
                case Kernel.DeriveScale k -> {
                    check.plain(k.ranges(), Bank.F32, 2 * k.count());
                    k.scale().ifPresent(id -> check.plain(id, Bank.F32, k.count()));
                    k.zero().ifPresent(id -> check.plain(id, Bank.I32, k.count()));
                    check.that(k.scale().isPresent() || k.zero().isPresent(), "derives nothing");
                }
                case Kernel.TableLookUp k -> {
                    check.plain(k.input(), Bank.I32, k.rows());
                    check.constant(k.table(), ConstantArray.Floats.class);
                    check.that(program.constant(k.table()).length() % k.count() == 0, "has half an entry");
                    check.plain(k.output(), Bank.F32, k.rows() * k.count());
                }
                case Kernel.RowStatistic k -> {
                    check.plain(k.input(), Bank.F32, k.rows() * k.channels());
                    check.plain(k.output(), Bank.F32, k.rows());
                }
                case Kernel.MatrixProduct k -> {
                    Bank bank = k.floating() ? Bank.F32 : Bank.I8;
                    check.plain(k.left(), bank, k.matrices() * k.rows() * k.depth());
                    check.plain(k.right(), bank, k.matrices() * k.depth() * k.channels());
                    check.that(k.leftElements().bank() == bank && k.rightElements().bank() == bank,
                            "product of " + k.leftElements() + " and " + k.rightElements());
                    check.that(!k.floating() || k.leftZero().isEmpty() && k.rightZero().isEmpty(), "zero of f32");
                    check.zero(k.leftZero(), 1, false);
                    check.zero(k.rightZero(), 1, false);
                    check.plain(k.output(), k.floating() ? Bank.F32 : Bank.I32,
                            k.matrices() * k.rows() * k.channels());
                }
                case Kernel.Softmax k -> {
                    check.plain(k.input(), Bank.F32, k.rows() * k.channels());
                    check.plain(k.output(), Bank.F32, k.rows() * k.channels());
                }
                case Kernel.ArgMax k -> {
                    check.plain(k.input(), k.bank(), k.rows() * k.channels());
                    check.plain(k.output(), Bank.I32, k.rows());
                }
                case Kernel.StridedCopy k -> checkCopy(check, k);
                case Kernel.OrPool k -> checkOrPool(check, k);
                case Kernel.WidenImage k -> {
                    check.plain(k.input(), k.bank(), k.image().inside() * k.channels());
                    check.that(k.bank() == Bank.F32 || k.bank() == Bank.I8, "image of bank " + k.bank());
                    check.that(k.zero().isEmpty() || k.bank() == Bank.I8, "zero point of f32");
                    check.that(k.pitch() >= k.channels(), "pixels of " + k.pitch() + " values");
                    check.that(switch (k.lane()) {
                        case F32 -> true;
                        case I16 -> k.bank() == Bank.I8 && k.pitch() % 2 == 0;
                        case I8 -> k.bank() == Bank.I8 && k.pitch() == k.channels();
                    }, k.pitch() + " values of " + k.bank() + " for " + k.lane());
                    check.zero(k.zero(), k.image().inside(), !k.image().padded());
                    check.plain(k.output(), k.lane() == Lane.F32 ? Bank.F32 : Bank.I32, k.image().rows() * k
                            .pixelElements());
                }
                case Kernel.BuildTables k -> {
                    check.plain(k.input(), Bank.I8, k.image().inside() * k.channels());
                    check.that(LookUpForm.possible(k.form().code()), "tables of " + k.form().code());
                    check.plain(k.output(), Bank.I8, k.image().rows() * k.form().rowBytes(k.channels()));
                }
            }
        }
    }

    private static void checkPixels(KernelCheck check, Kernel.PixelKernel kernel) {
        new ProducerCheck(check).check(kernel.producer(), kernel.schedule());
        new EpilogueCheck(check).check(kernel);
    }

    private void checkCopy(KernelCheck check, Kernel.StridedCopy copy) {
        Buffer input = program.buffer(copy.input());
        Buffer output = program.buffer(copy.output());
        check.plain(input.id(), output.bank(), input.length());
        check.plain(output.id(), output.bank(), output.length());
        int rank = copy.extents().size();
        if (copy.inputStrides().size() != rank || copy.outputStrides().size() != rank) {
            check.offence("strides and extents differ in number");
            return;
        }
        long firstInput = copy.inputOffset();
        long lastInput = copy.inputOffset();
        long lastOutput = copy.outputOffset();
        for (int i = 0; i < rank; i++) {
            check.that(copy.extents().get(i) > 0 && copy.outputStrides().get(i) >= 0,
                    "extent or stride of dimension " + i);
            long reach = (copy.extents().get(i) - 1L) * copy.inputStrides().get(i);
            firstInput += Math.min(reach, 0);
            lastInput += Math.max(reach, 0);
            lastOutput += (copy.extents().get(i) - 1L) * copy.outputStrides().get(i);
        }
        check.that(firstInput >= 0 && lastInput < input.length(), "copies from outside of " + input.id());
        check.that(copy.outputOffset() >= 0 && lastOutput < output.length(), "copies to outside of " + output.id());
    }

    private void checkOrPool(KernelCheck check, Kernel.OrPool pool) {
        check.window(pool.window());
        check.planes(pool.input(), pool.window().inputHeight() * pool.window().inputWidth(), pool.channels());
        boolean flattened = program.buffer(pool.output()).layout().rows() == 1 && pool.channels() % program.target()
                .word().bits() == 0;
        int rows = pool.window().outputRows();
        check.planes(pool.output(), flattened ? 1 : rows, flattened ? rows * pool.channels() : pool.channels());
        for (BufferId id : List.of(pool.input(), pool.output())) {
            if (program.buffer(id).layout() instanceof Layout.Planes planes) {
                check.that(planes.bits() == 1, "or of " + planes.bits() + " planes");
            }
        }
    }

    private void checkArena() {
        if (program.buffers().stream().allMatch(b -> b.offset() < 0)) {
            return;
        }
        offences.addAll(new ArenaCheck(program).offences());
    }
}
