package dev.tern.compiler.loops;

import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;

/**
 * An array that kernels' methods take: of each bank the one that all threads share, and the one for a thread's own use.
 */
public enum ArenaArray {
    F32(Bank.F32, false, "f32", JvmType.FLOATS), I32(Bank.I32, false, "i32", JvmType.INTS), I64(Bank.I64, false, "i64",
            JvmType.LONGS), I8(Bank.I8, false, "i8", JvmType.BYTES), WORK_F32(Bank.F32, true, "workF32",
                    JvmType.FLOATS), WORK_I32(Bank.I32, true, "workI32", JvmType.INTS), WORK_I64(Bank.I64, true,
                            "workI64", JvmType.LONGS), WORK_I8(Bank.I8, true, "workI8", JvmType.BYTES);

    private final Bank bank;
    private final boolean work;
    private final String local;
    private final JvmType type;

    ArenaArray(Bank bank, boolean work, String local, JvmType type) {
        this.bank = bank;
        this.work = work;
        this.local = local;
        this.type = type;
    }

    public Bank bank() {
        return bank;
    }

    /** Whether each thread has its own. */
    public boolean work() {
        return work;
    }

    /** The name of the parameter that holds it. */
    public String local() {
        return local;
    }

    public JvmType type() {
        return type;
    }

    /** Where a buffer lies. */
    static ArenaArray of(Buffer buffer) {
        return of(buffer.bank(), buffer.inWork());
    }

    private static ArenaArray of(Bank bank, boolean work) {
        return switch (bank) {
            case F32 -> work ? WORK_F32 : F32;
            case I32 -> work ? WORK_I32 : I32;
            case I64 -> work ? WORK_I64 : I64;
            case I8 -> work ? WORK_I8 : I8;
        };
    }
}
