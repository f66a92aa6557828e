package dev.tern.compiler.analysis.value;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A value known at compile time. */
public sealed interface Constant extends Value {
    /** What it is, for messages: {@code the number 3}. */
    String describe();

    record Whole(long value) implements Constant {
        @Override
        public String describe() {
            return "the number " + value;
        }
    }

    record Decimal(double value) implements Constant {
        @Override
        public String describe() {
            return "the number " + value;
        }
    }

    record Truth(boolean value) implements Constant {
        @Override
        public String describe() {
            return "`" + value + "`";
        }
    }

    record Characters(String value) implements Constant {
        @Override
        public String describe() {
            return "a text";
        }
    }

    /** {@code 3x3}. */
    record Extents(List<Long> values) implements Constant {
        public Extents {
            values = List.copyOf(values);
        }

        @Override
        public String describe() {
            return "the size " + values.stream().map(Object::toString).collect(Collectors.joining("x"));
        }
    }

    /** {@code 40 KiB}, in bytes. */
    record Size(long bytes) implements Constant {
        @Override
        public String describe() {
            return "a number of bytes";
        }
    }

    /** {@code 0..1}. */
    record Interval(double low, double high) implements Constant {
        @Override
        public String describe() {
            return "the range " + low + ".." + high;
        }
    }

    /** {@code [1, 2, _]}; an element that is {@code _} is empty. */
    record Elements(List<Optional<Constant>> values) implements Constant {
        public Elements {
            values = List.copyOf(values);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** The number, if it is one. */
    default Optional<Double> number() {
        return switch (this) {
            case Whole whole -> Optional.of((double) whole.value());
            case Decimal decimal -> Optional.of(decimal.value());
            case Truth _,Characters _,Extents _,Size _,Interval _,Elements _ -> Optional.empty();
        };
    }
}
