package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.KnownValue;
import java.util.Optional;

/** What a {@code budget} statement takes: bytes of flash and of memory, 0 for no limit. */
public final class BudgetLimits {
    /** With a unit always: of a bare number nobody knows whether bytes or kilobytes were meant. */
    private static final Kind<Long> BYTES = Kinds.constant(
            "a positive number of bytes with its unit, like 40 KiB or 800 B",
            c -> c instanceof KnownValue.Size(long bytes) && bytes > 0 ? Optional.of(bytes) : Optional.empty());

    public static final OpParameter<Long> FLASH = OpParameter.optional("flash", BYTES, 0L,
            "bytes of the weights in a weight file");
    public static final OpParameter<Long> RAM = OpParameter.optional("ram", BYTES, 0L,
            "bytes of a session's arena");
    public static final OpSignature SIGNATURE = OpSignature.of("budget", 0, FLASH, RAM);

    private BudgetLimits() {
    }
}
