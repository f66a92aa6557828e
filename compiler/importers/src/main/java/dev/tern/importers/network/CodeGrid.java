package dev.tern.importers.network;

/**
 * Codes of up to eight bits, or of 16, and what they stand for: real = scale * (code - zero).
 *
 * @param scale finite and above 0
 */
public record CodeGrid(ElementKind kind, float scale, int zero) {
    public CodeGrid {
        if (!(scale > 0) || !Float.isFinite(scale)) {
            throw new ImportProblemException("a quantizer has the scale " + scale);
        }
        if (zero < kind.lowest() || zero > kind.highest()) {
            throw new ImportProblemException("the zero point " + zero + " is no code of " + kind);
        }
    }

    /** Whether there are 16 bits. */
    public boolean wide() {
        return kind.bits() > Byte.SIZE;
    }

    public int lowest() {
        return (int) kind.lowest();
    }

    public int highest() {
        return (int) kind.highest();
    }

    /** A code held to those that there are. */
    public int clamp(double code) {
        return (int) Math.max(lowest(), Math.min(highest(), code));
    }
}
