package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.bytecode.JavaMethod;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The method {@code finite} of a session of plain loops: where long inputs lie in the arena, and long outputs in the
 * caller's arrays, by sums of their products with 0, each of which is 0 or a NaN. C2 makes vector code of that where
 * the places are literals. One sum of all eight parts is as fast but with vectors of 512 bits in Java 17, where C2
 * gives the method up ("increase MaxLabelRootDepth"); the greatest magnitude takes Java 25 as long and Java 17 half as
 * long again.
 */
final class PlainFiniteCheck {
    /** Equal parts of all that are looked at together, so that few values wait for one before. */
    private static final int PARTS = 8;
    /** Sums, each of as many parts. */
    private static final int SUMS = 2;
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
        List<Local> sums = IntStream.range(0, SUMS).mapToObj(i -> block.declare("sum" + i, Value.of(0f))).toList();
        block.loop("n", 0, part, (loop, n) -> {
            for (int i = 0; i < SUMS; i++) {
                List<Value> products = new ArrayList<>();
                for (int j = i * PARTS / SUMS; j < (i + 1) * PARTS / SUMS; j++) {
                    products.add(product(values, n.plus(place.from + j * part)));
                }
                loop.assign(sums.get(i), sums.get(i).plus(added(products)));
            }
        });
        int rest = place.from + part * PARTS;
        Local first = sums.getFirst();
        if (rest < place.to) {
            block.loop("k", rest, place.to, (loop, k) -> loop.assign(first, first.plus(product(values, k))));
        }
        block.returns(added(sums).is(Relation.EQUAL, Value.of(0f)));
    }

    /** Two and two, so that few wait for one before. */
    private static Value added(List<? extends Value> values) {
        List<Value> left = new ArrayList<>(values);
        while (left.size() > 1) {
            left.add(left.removeFirst().plus(left.removeFirst()));
        }
        return left.getFirst();
    }

    /** 0 of a finite number, otherwise no number. */
    private static Value product(Local values, Value index) {
        return values.at(index).times(Value.of(0f));
    }
}
