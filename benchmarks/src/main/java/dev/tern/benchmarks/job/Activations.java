package dev.tern.benchmarks.job;

/** How a job's input is quantized. */
public sealed interface Activations {
    /** +1 where it is not negative, else -1. */
    record Sign() implements Activations {
        @Override
        public String scheme() {
            return "sign";
        }

        @Override
        public String name() {
            return "sign";
        }
    }

    /** Signed codes on a grid as wide as the input's greatest magnitude, measured at each inference. */
    record Dynamic(int bits) implements Activations {
        @Override
        public String scheme() {
            return "dynamic(" + bits + ", absmax)";
        }

        @Override
        public String name() {
            return "dynamic" + bits;
        }
    }

    /** Unsigned codes on a grid over -1..1. */
    record Static(int bits) implements Activations {
        @Override
        public String scheme() {
            return "static(" + bits + ", -1..1)";
        }

        @Override
        public String name() {
            return "static" + bits;
        }

        /** The real number that one step of the grid is. */
        public float step() {
            return 2f / ((1 << bits) - 1);
        }

        /** The code that stands for 0. */
        public int zero() {
            return (int) Math.rint(1f / step());
        }
    }

    /** f32, as it comes. */
    record Floating() implements Activations {
        @Override
        public String scheme() {
            return "float";
        }

        @Override
        public String name() {
            return "float";
        }
    }

    /** As Tern text says it. */
    String scheme();

    /** Without blanks and parentheses. */
    String name();
}
