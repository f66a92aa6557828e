package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.runtime.layout.AsStored;
import dev.tern.runtime.layout.BitPlanes;
import dev.tern.runtime.layout.BorderLines;
import dev.tern.runtime.layout.BorderSums;
import dev.tern.runtime.layout.CodeSums;
import dev.tern.runtime.layout.Interleaved;
import dev.tern.runtime.layout.LookUpIndices;
import dev.tern.runtime.layout.PackedCodes;
import dev.tern.runtime.layout.WeightLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What {@code runtime.layout} does for other forms when they are loaded, as code of a class that has nothing beside it:
 * codes of their packed bytes, and of codes the arrays that kernels read. A class has the routines that it calls.
 */
final class EdgeLayouts {
    private static final int PER_BYTE = 5;
    private static final int BASE = 3;
    private static final int OCTET = 255;
    /** What of {@code code & 3} is a bit of a plane, as a bit at that place; -1 is 3. */
    private static final int POSITIVE = 0b0010;
    private static final int NEGATIVE = 0b1000;
    private static final int NONZERO = POSITIVE | NEGATIVE;
    private static final int LOWEST_TWO = 3;

    private static final Local PACKED = Local.parameter("packed", ValueType.BYTES);
    private static final Local CODES = Local.parameter("codes", ValueType.BYTES);
    private static final Local INTO = Local.parameter("into", ValueType.INTS);

    private final Map<String, Routine> routines = new LinkedHashMap<>();

    /** Those that were called. */
    Collection<Routine> routines() {
        return routines.values();
    }

    private Routine routine(String name, Supplier<Routine> written) {
        return routines.computeIfAbsent(name, absent -> written.get());
    }

    /** Adds what makes codes of their bytes. */
    Local codes(Block body, PackedCodes packed, Local bytes, String name) {
        if (packed.width() == Byte.SIZE) {
            return bytes;
        }
        Local codes = body.declare(name, new JvmValue.NewArray(ValueType.BYTES, Value.of(packed.length())));
        body.call(packed.width() == PackedCodes.TERNARY
                ? routine("$ternary", EdgeLayouts::ternary).callee().call(bytes, codes)
                : routine("$codes", EdgeLayouts::bits).callee().call(bytes, codes, Value.of(packed.width())));
        return codes;
    }

    /**
     * Adds what makes a constant of the array that is stored.
     *
     * @param name of the local that holds it
     */
    Local of(Block body, ConstantArray constant, Local stored, String name) {
        return switch (constant.stored().layout()) {
            case AsStored _ -> stored;
            case BitPlanes planes -> planes(body, planes, stored, name);
            case CodeSums sums -> {
                Local made = body.declare(name, new JvmValue.NewArray(ValueType.INTS, Value.of(constant.length())));
                body.call(routine("$sums", EdgeLayouts::sums).callee().call(stored, made, Value.of(sums.ofSum()),
                        Value.of(sums.ofNonzero()), Value.of(sums.constant())));
                yield made;
            }
            case BorderSums sums -> border(body, sums, stored, name);
            case Interleaved _,LookUpIndices _ -> throw new IllegalStateException(constant.name()
                    + " is laid out for vectors");
        };
    }

    private Local planes(Block body, BitPlanes planes, Local codes, String name) {
        WeightLayout words = planes.words();
        if (planes.wordBits() != Integer.SIZE || words.panels()) {
            throw new IllegalStateException(name + " has planes for vectors: " + planes);
        }
        Local made = body.declare(name, new JvmValue.NewArray(ValueType.INTS, Value.of(words.length())));
        for (int plane = 0; plane < words.planes(); plane++) {
            int shift = planes.planes() == BitPlanes.Planes.BITS ? plane : 0;
            int set = switch (planes.planes()) {
                case BINARY -> POSITIVE;
                case SIGNS -> plane == 0 ? POSITIVE : NEGATIVE;
                case NONZERO -> plane == 0 ? NONZERO : POSITIVE;
                // Of the lowest two bits that are left, the lower one is set.
                case BITS -> NONZERO;
            };
            body.call(routine("$plane", EdgeLayouts::plane).callee().call(codes, made,
                    Value.of(words.index(plane, 0, 0)), Value.of(words.channels()), Value.of(shift), Value.of(set)));
        }
        return made;
    }

    /** Digits to the base 3, five to a byte, the first the lowest. */
    private static Routine ternary() {
        List<Local> parameters = List.of(PACKED, CODES);
        Block body = new Block(parameters);
        Local number = body.declare("number", Value.of(0));
        body.loop("i", Value.of(0), CODES.length(), 1, (loop, i) -> {
            loop.when(Value.binary(Operator.REMAINDER, i, Value.of(PER_BYTE)).equalTo(Value.of(0)),
                    next -> next.assign(number, PACKED.at(i.dividedBy(Value.of(PER_BYTE))).and(Value.of(OCTET))));
            loop.store(CODES.at(i), Value.binary(Operator.REMAINDER, number, Value.of(BASE)).minus(1));
            loop.assign(number, number.dividedBy(Value.of(BASE)));
        });
        return new Routine("$ternary", parameters, body);
    }

    /** So many bits each, the lowest bits of a byte first: 1 for -1 and 1, more in two's complement. */
    private static Routine bits() {
        Local width = Local.parameter("width", ValueType.INT);
        List<Local> parameters = List.of(PACKED, CODES, width);
        Block body = new Block(parameters);
        Local sign = body.declare("sign", Value.of(1).shiftLeft(width.minus(1)));
        Local held = body.declare("held", Value.of(0));
        Local have = body.declare("have", Value.of(0));
        Local at = body.declare("at", Value.of(0));
        body.loop("i", Value.of(0), CODES.length(), 1, (loop, i) -> {
            loop.when(have.lessThan(width), more -> {
                more.update(held, Operator.OR, PACKED.at(at).and(Value.of(OCTET)).shiftLeft(have));
                more.update(have, Operator.ADD, Value.of(Byte.SIZE));
                more.update(at, Operator.ADD, Value.of(1));
            });
            Local code = loop.declare("code", held.and(sign.shiftLeft(1).minus(1)));
            loop.store(CODES.at(i), width.equalTo(Value.of(1)).choose(code.times(2).minus(1),
                    code.xor(sign).minus(sign)));
            loop.assign(held, Value.binary(Operator.SHIFT_RIGHT, held, width));
            loop.update(have, Operator.SUBTRACT, width);
        });
        return new Routine("$codes", parameters, body);
    }

    /** One plane of codes [k][channel]: bit k % 32 of the word [k / 32][channel]. */
    private static Routine plane() {
        Local at = Local.parameter("at", ValueType.INT);
        Local channels = Local.parameter("channels", ValueType.INT);
        Local shift = Local.parameter("shift", ValueType.INT);
        Local set = Local.parameter("set", ValueType.INT);
        List<Local> parameters = List.of(CODES, INTO, at, channels, shift, set);
        Block body = new Block(parameters);
        Local depth = body.declare("depth", CODES.length().dividedBy(channels));
        body.loop("k", Value.of(0), depth, 1, (row, k) -> row.loop("c", Value.of(0), channels, 1, (loop, c) -> {
            Value code = Value.binary(Operator.SHIFT_RIGHT, CODES.at(k.times(channels).plus(c)), shift);
            Value bit = Value.binary(Operator.SHIFT_RIGHT, set, code.and(Value.of(LOWEST_TWO))).and(Value.of(1));
            Value word = at.plus(k.shiftRight(5).times(channels)).plus(c);
            loop.update(INTO.at(word), Operator.OR, bit.shiftLeft(k.and(Value.of(Integer.SIZE - 1))));
        }));
        return new Routine("$plane", parameters, body);
    }

    /** Of codes [k][channel] a sum for each channel. */
    private static Routine sums() {
        Local ofSum = Local.parameter("ofSum", ValueType.INT);
        Local ofNonzero = Local.parameter("ofNonzero", ValueType.INT);
        Local constant = Local.parameter("constant", ValueType.INT);
        List<Local> parameters = List.of(CODES, INTO, ofSum, ofNonzero, constant);
        Block body = new Block(parameters);
        Local channels = body.declare("channels", INTO.length());
        body.loop("j", Value.of(0), INTO.length(), 1, (loop, j) -> loop.store(INTO.at(j), constant));
        body.loop("i", Value.of(0), CODES.length(), 1, (loop, i) -> {
            Value sum = i.minus(i.dividedBy(channels).times(channels));
            Local code = loop.declare("code", CODES.at(i));
            loop.update(INTO.at(sum), Operator.ADD, ofSum.times(code).plus(code.equalTo(Value.of(0)).choose(
                    Value.of(0), ofNonzero)));
        });
        return new Routine("$sums", parameters, body);
    }

    private Local border(Block body, BorderSums sums, Local codes, String name) {
        Local made = body.declare(name, new JvmValue.NewArray(ValueType.INTS, Value.of(sums.length())));
        List<Value> arguments = new ArrayList<>(List.of(codes, made, Value.of(sums.channels())));
        arguments.addAll(Axis.arguments(sums.lines()));
        arguments.addAll(Axis.arguments(sums.columns()));
        body.call(routine("$border", EdgeLayouts::border).callee().call(arguments.toArray(Value[]::new)));
        return made;
    }

    /** Of codes [tap][k][channel] a sum for each kind of line and of column, and channel: of taps in the padding. */
    private static Routine border() {
        Local channels = Local.parameter("channels", ValueType.INT);
        Axis lines = Axis.of("Lines");
        Axis columns = Axis.of("Columns");
        List<Local> parameters = new ArrayList<>(List.of(CODES, INTO, channels));
        parameters.addAll(lines.all());
        parameters.addAll(columns.all());
        Block body = new Block(parameters);
        Local length = body.declare("length", CODES.length().dividedBy(lines.taps.times(columns.taps)));
        body.loop("i", Value.of(0), lines.kinds, 1, (line, i) -> {
            Local top = line.declare("top", lines.first(i));
            line.loop("j", Value.of(0), columns.kinds, 1, (column, j) -> {
                Local left = column.declare("left", columns.first(j));
                Local at = column.declare("at", i.times(columns.kinds).plus(j).times(channels));
                column.loop("ky", Value.of(0), lines.taps, 1, (row, ky) -> row.loop("kx", Value.of(0), columns.taps, 1,
                        (tap, kx) -> tap.when(lines.outside(top, ky).orElse(columns.outside(left, kx)),
                                block -> add(block, length, ky.times(columns.taps).plus(kx), at, channels))));
            });
        });
        return new Routine("$border", parameters, body);
    }

    private static void add(Block block, Local length, Value tap, Local at, Local channels) {
        Local first = block.declare("first", tap.times(length));
        block.loop("k", Value.of(0), length, 1, (loop, k) -> loop.update(INTO.at(at.plus(Value.binary(
                Operator.REMAINDER, k, channels))), Operator.ADD, CODES.at(first.plus(k))));
    }

    /** {@link BorderLines} as parameters. */
    private record Axis(Local taps, Local size, Local stride, Local dilation, Local padding, Local whole, Local last,
            Local kinds) {
        static Axis of(String name) {
            return new Axis(parameter("taps", name), parameter("size", name), parameter("stride", name),
                    parameter("dilation", name), parameter("padding", name), parameter("whole", name),
                    parameter("last", name), parameter("kinds", name));
        }

        private static Local parameter(String what, String axis) {
            return Local.parameter(what + axis, ValueType.INT);
        }

        static List<Value> arguments(BorderLines lines) {
            return IntStream.of(lines.taps(), lines.size(), lines.stride(), lines.dilation(), lines.padding(),
                    lines.firstWhole(), lines.lastWhole(), lines.kinds()).<Value>mapToObj(Value::of).toList();
        }

        List<Local> all() {
            return List.of(taps, size, stride, dilation, padding, whole, last, kinds);
        }

        /** Where the first tap of lines of a kind lies. */
        Value first(Local kind) {
            Value line = kind.greaterThan(whole).choose(last.plus(kind).minus(whole), kind);
            return line.times(stride).minus(padding);
        }

        Value outside(Local first, Local tap) {
            Value at = first.plus(tap.times(dilation));
            return at.lessThan(Value.of(0)).orElse(at.atLeast(size));
        }
    }
}
