package dev.tern.benchmarks.schedule;

import dev.tern.compiler.target.Target;

/** Targets as the commands of this package name them. */
final class MeasuredTarget {
    private MeasuredTarget() {
    }

    /** @param name {@code portable}, {@code edge}, or the bits of a vector: {@code 128}, {@code 256}, {@code 512} */
    static Target named(String name) {
        return switch (name) {
            case "portable" -> Target.PORTABLE;
            case "edge" -> Target.EDGE;
            default -> Target.vector(Integer.parseInt(name));
        };
    }
}
