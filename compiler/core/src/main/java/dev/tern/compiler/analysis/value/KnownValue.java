package dev.tern.compiler.analysis.value;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A value known at compile time. */
public sealed interface KnownValue extends ExpressionValue {
    /** What it is, for messages: {@code the number 3}. */
    String describe();

    /** With or without a point. */
    sealed interface Number extends KnownValue {
        double asDouble();
    }

    record Whole(long value) implements Number {
        @Override
        public double asDouble() {
            return value;
        }

        @Override
        public String describe() {
            return "the number " + value;
        }
    }

    record Decimal(double value) implements Number {
        @Override
        public double asDouble() {
            return value;
        }

        @Override
        public String describe() {
            return "the number " + value;
        }
    }

    record Truth(boolean value) implements KnownValue {
        @Override
        public String describe() {
            return "`" + value + "`";
        }
    }

    record Characters(String value) implements KnownValue {
        @Override
        public String describe() {
            return "a text";
        }
    }

    /** {@code 3x3}. */
    record Extents(List<Long> values) implements KnownValue {
        public Extents {
            values = List.copyOf(values);
        }

        @Override
        public String describe() {
            return "the size " + values.stream().map(Object::toString).collect(Collectors.joining("x"));
        }
    }

    /** {@code 40 KiB}, in bytes. */
    record Size(long bytes) implements KnownValue {
        @Override
        public String describe() {
            return "a number of bytes";
        }
    }

    /** {@code 0..1}. */
    record Bounds(double low, double high) implements KnownValue {
        @Override
        public String describe() {
            return "the range " + low + ".." + high;
        }
    }

    /** {@code [1, 2, _]}; an element that is {@code _} is empty. */
    record Elements(List<Optional<KnownValue>> values) implements KnownValue {
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
        return this instanceof Number number ? Optional.of(number.asDouble()) : Optional.empty();
    }
}
