package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.bytecode.JavaMethod;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The method {@code finite} of a session of plain loops: where long inputs lie in the arena, and long outputs in the
 * caller's arrays, by the greatest magnitude, of which a NaN is one. C2 makes vector code of that where the places are
 * literals.
 */
final class PlainFiniteCheck {
    /** Equal parts of all that are looked at together, so that few values wait for one before. */
    private static final int PARTS = 8;
    /** Values that are worth a loop of their own. */
    private static final int LEAST = 256;
    /** Loops that the method has room for. */
    private static final int MOST = 3;

    private final List<Place> places;

    private PlainFiniteCheck(List<Place> places) {
        this.places = places;
    }

    /** Where values lie, from an element on and up to another. */
    private record Place(int from, int to) {
    }

    /** The check of a program, if it has anything to look at that is long enough. */
    static Optional<PlainFiniteCheck> of(KernelProgram program) {
        Stream<Place> inputs = program.inputs().stream().map(port -> program.buffer(port.buffer()))
                .filter(PlainFiniteCheck::looksAt).map(buffer -> new Place(buffer.offset(), buffer.offset() + buffer
                        .length()));
        Stream<Place> outputs = program.outputs().stream().map(port -> program.buffer(port.buffer()))
                .filter(PlainFiniteCheck::looksAt).map(buffer -> new Place(0, buffer.length()));
        List<Place> places = Stream.concat(inputs, outputs).distinct().limit(MOST).toList();
        return places.isEmpty() ? Optional.empty() : Optional.of(new PlainFiniteCheck(places));
    }

    private static boolean looksAt(Buffer buffer) {
        return buffer.bank() == Bank.F32 && buffer.length() >= LEAST;
    }

    MethodDefinition method() {
        Local values = Local.parameter("values", ValueType.FLOATS);
        Local from = Local.parameter("from", ValueType.INT);
        Local to = Local.parameter("to", ValueType.INT);
        List<Local> parameters = List.of(values, from, to);
        Block body = new Block(parameters);
        for (Place place : places) {
            body.when(from.is(Relation.EQUAL, Value.of(place.from)).andAlso(to.is(Relation.EQUAL, Value.of(place.to))),
                    block -> lookAt(block, values, place));
        }
        JavaMethod oneByOne = new JavaMethod(JavaMethod.Dispatch.STATIC, ClassType.of(Session.class), "finiteOneByOne",
                List.of(ValueType.FLOATS, ValueType.INT, ValueType.INT), ValueType.BOOLEAN);
        body.returns(oneByOne.call(values, from, to));
        return new MethodDefinition(Access.PROTECTED, new Routine("finite", parameters, ValueType.BOOLEAN, body),
                MethodDefinition.KERNEL_BUDGET);
    }

    private static void lookAt(Block block, Local values, Place place) {
        int part = (place.to - place.from) / PARTS;
        Local greatest = block.declare("greatest", Value.of(0f));
        block.loop("n", 0, part, (loop, n) -> {
            List<Value> magnitudes = new ArrayList<>();
            for (int i = 0; i < PARTS; i++) {
                magnitudes.add(magnitude(values, n.plus(place.from + i * part)));
            }
            for (int left = PARTS; left > 1; left /= 2) {
                for (int i = 0; i < left / 2; i++) {
                    magnitudes.set(i, MathFunction.MAX_FLOAT.of(magnitudes.get(2 * i), magnitudes.get(2 * i + 1)));
                }
            }
            loop.assign(greatest, MathFunction.MAX_FLOAT.of(greatest, magnitudes.getFirst()));
        });
        int rest = place.from + part * PARTS;
        if (rest < place.to) {
            block.loop("k", rest, place.to, (loop, k) -> loop.assign(greatest, MathFunction.MAX_FLOAT.of(greatest,
                    magnitude(values, k))));
        }
        block.returns(greatest.is(Relation.AT_MOST, Value.of(Float.MAX_VALUE)));
    }

    private static Value magnitude(Local values, Value index) {
        return MathFunction.ABS_FLOAT.of(values.at(index));
    }
}
