package dev.tern.compiler.loops;

import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;

/**
 * An array that kernels' routines take: of each bank the one that all threads share, and the one for a thread's own
 * use.
 */
public enum ArenaArray {
    F32(Bank.F32, false, "f32", ValueType.FLOATS), I32(Bank.I32, false, "i32", ValueType.INTS), I64(Bank.I64, false,
            "i64",
            ValueType.LONGS), I8(Bank.I8, false, "i8", ValueType.BYTES), WORK_F32(Bank.F32, true, "workF32",
                    ValueType.FLOATS), WORK_I32(Bank.I32, true, "workI32", ValueType.INTS), WORK_I64(Bank.I64, true,
                            "workI64", ValueType.LONGS), WORK_I8(Bank.I8, true, "workI8", ValueType.BYTES);

    private final Bank bank;
    private final boolean work;
    private final String local;
    private final ValueType.ArrayOf type;

    ArenaArray(Bank bank, boolean work, String local, ValueType.ArrayOf type) {
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

    public ValueType.ArrayOf type() {
        return type;
    }

    /** Where a buffer lies. */
    public static ArenaArray of(Buffer buffer) {
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
