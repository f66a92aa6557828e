package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * A program that uses vectors of other widths before a model does, as any other program in that JVM might: within the
 * Vector API's methods the JVM then has noted a class of receivers that is not the model's.
 */
final class NotedClasses {
    /** Of the program's class, which {@code Run} calls where the property of that name says widths. */
    static final String NAME = "Noted";
    /** Calls until C1 has compiled the methods in the form that notes classes, and these have run. */
    private static final int ROUNDS = 60;
    private static final String PROGRAM = """
            import jdk.incubator.vector.*;

            public class Noted {
                static Object sink;
                static int[] ints = new int[16];
                static short[] shorts = new short[32];
                static byte[] bytes = new byte[64];
                static float[] floats = new float[16];
                static long[] longs = new long[8];
                static double[] doubles = new double[8];

                public static void note() {
                    for (String bits : System.getProperty("Noted").split(",")) {
                        VectorShape shape = VectorShape.forBitSize(Integer.parseInt(bits));
                        for (int i = 0; i < ROUNDS; i++) {
                            note(VectorSpecies.of(int.class, shape), VectorSpecies.of(short.class, shape),
                                    VectorSpecies.of(byte.class, shape), VectorSpecies.of(float.class, shape),
                                    VectorSpecies.of(long.class, shape), VectorSpecies.of(double.class, shape));
                        }
                    }
                }

                @SuppressWarnings({"unchecked", "rawtypes"})
                private static void note(VectorSpecies<Integer> ofInts, VectorSpecies<Short> ofShorts,
                        VectorSpecies<Byte> ofBytes, VectorSpecies<Float> ofFloats, VectorSpecies<Long> ofLongs,
                        VectorSpecies<Double> ofDoubles) {
                    IntVector i = IntVector.fromArray(ofInts, ints, 0);
                    IntVector i2 = IntVector.broadcast(ofInts, 3);
                    ShortVector s = ShortVector.fromArray(ofShorts, shorts, 0);
                    ShortVector s2 = ShortVector.broadcast(ofShorts, (short) 3);
                    ByteVector b = ByteVector.fromArray(ofBytes, bytes, 0);
                    ByteVector b2 = ByteVector.broadcast(ofBytes, (byte) 3);
                    FloatVector f = FloatVector.fromArray(ofFloats, floats, 0);
                    FloatVector f2 = FloatVector.broadcast(ofFloats, 3f);
                    LongVector l = LongVector.fromArray(ofLongs, longs, 0);
                    LongVector l2 = LongVector.broadcast(ofLongs, 3);
                    DoubleVector d = DoubleVector.fromArray(ofDoubles, doubles, 0);
                    DoubleVector d2 = DoubleVector.broadcast(ofDoubles, 3);
                    for (var bitwise : new VectorOperators.Associative[]{VectorOperators.AND, VectorOperators.OR,
                            VectorOperators.XOR}) {
                        i = i.lanewise(bitwise, i2);
                        s = s.lanewise(bitwise, s2);
                        b = b.lanewise(bitwise, b2);
                        l = l.lanewise(bitwise, l2);
                    }
                    for (var shift : new VectorOperators.Binary[]{VectorOperators.LSHL, VectorOperators.LSHR,
                            VectorOperators.ASHR}) {
                        i = i.lanewise(shift, 2).lanewise(shift, i2);
                        s = s.lanewise(shift, (short) 2);
                        b = b.lanewise(shift, (byte) 2);
                        l = l.lanewise(shift, 2L);
                    }
                    i = i.add(i2).sub(i2).mul(i2).max(i2).min(i2).bitwiseBlend(i2, i2);
                    s = s.add(s2).sub(s2).mul(s2).max(s2).min(s2).bitwiseBlend(s2, s2);
                    b = b.add(b2).sub(b2).max(b2).min(b2).bitwiseBlend(b2, b2);
                    l = l.add(l2).sub(l2).bitwiseBlend(l2, l2);
                    f = f.add(f2).sub(f2).mul(f2).div(f2).max(f2).min(f2).fma(f2, f2);
                    f = f.lanewise(VectorOperators.ABS).lanewise(VectorOperators.SQRT);
                    d = d.add(d2).sub(d2).mul(d2).div(d2);
                    i = i.lanewise(VectorOperators.BIT_COUNT);
                    l = l.lanewise(VectorOperators.BIT_COUNT);
                    sink = i.convert(VectorOperators.I2F, 0);
                    sink = f.convert(VectorOperators.F2I, 0);
                    for (Vector vector : new Vector[]{i, s, b, l, f}) {
                        sink = vector.reinterpretAsBytes();
                        sink = vector.reinterpretAsShorts();
                        sink = vector.reinterpretAsInts();
                        sink = vector.reinterpretAsLongs();
                        sink = vector.reinterpretAsFloats();
                    }
                    for (Vector vector : new Vector[]{i, s, b, l, f, d}) {
                        for (VectorSpecies to : new VectorSpecies[]{ofInts, ofShorts, ofBytes, ofLongs, ofFloats,
                                ofDoubles}) {
                            // Parts of a vector that has more lanes count upwards, of one that has fewer downwards.
                            int times = vector.length() / to.length();
                            for (int part = 0; part < Math.max(1, times); part++) {
                                sink = vector.castShape(to, part);
                            }
                            for (int part = -1; part > -to.length() / vector.length(); part--) {
                                sink = vector.castShape(to, part);
                            }
                            sink = vector.reinterpretShape(to, 0);
                        }
                    }
                    VectorMask<Integer> less = i.compare(VectorOperators.LT, i2);
                    VectorMask<Float> most = f.compare(VectorOperators.LE, f2);
                    VectorMask<Byte> greater = b.compare(VectorOperators.GT, b2);
                    VectorMask<Long> equal = l.compare(VectorOperators.EQ, l2);
                    i = i.blend(i2, less).blend(i2, most.cast(ofInts));
                    f = f.blend(f2, most).blend(f2, less.cast(ofFloats));
                    b = b.blend(b2, greater);
                    sink = less.toLong() + most.toLong() + greater.toLong() + equal.toLong();
                    sink = b.selectFrom(b2);
                    for (var reduction : new VectorOperators.Associative[]{VectorOperators.ADD, VectorOperators.MAX,
                            VectorOperators.MIN}) {
                        sink = i.reduceLanes(reduction) + s.reduceLanes(reduction) + b.reduceLanes(reduction);
                        sink = l.reduceLanes(reduction) + f.reduceLanes(reduction) + d.reduceLanes(reduction);
                    }
                    i.intoArray(ints, 0);
                    s.intoArray(shorts, 0);
                    b.intoArray(bytes, 0);
                    f.intoArray(floats, 0);
                    l.intoArray(longs, 0);
                    d.intoArray(doubles, 0);
                }
            }
            """.replace("ROUNDS", Integer.toString(ROUNDS));

    private NotedClasses() {
    }

    /** Compiles the program into a folder. */
    static void write(Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve(NAME + ".java"), PROGRAM);
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-nowarn", "-XDignore.symbol.file",
                "--add-modules", "jdk.incubator.vector", "-d", folder.toString(), source.toString());
        assertThat(status).as("javac of the program that uses other vectors").isZero();
    }

    /** The option by which vectors of so many bits are used before the model's, one width after the other. */
    static String option(int... bits) {
        return "-D" + NAME + "=" + Arrays.stream(bits).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
}
