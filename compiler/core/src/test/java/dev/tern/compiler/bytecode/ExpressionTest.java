package dev.tern.compiler.bytecode;

import static dev.tern.compiler.bytecode.Emitted.assertExpression;
import static dev.tern.compiler.code.Value.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of value: what it prints and what it computes. */
class ExpressionTest {
    private static final Local X = Local.parameter("x", ValueType.FLOAT);
    private static final Local N = Local.parameter("n", ValueType.INT);

    @Test
    void arithmetic() {
        assertExpression(of(3).plus(of(7)), 10, "(3 + 7)");
        assertExpression(of(3).minus(of(7)), -4, "(3 - 7)");
        assertExpression(of(3L).times(of(-7L)), -21L, "(3L * -7L)");
        assertExpression(of(1f).dividedBy(of(3f)), 1f / 3f, "(1.0f / 3.0f)");
        assertExpression(of(1d).dividedBy(of(3d)), 1d / 3d, "(1.0 / 3.0)");
        assertExpression(Value.binary(Operator.REMAINDER, of(-7), of(3)), -1, "(-7 % 3)");
        assertExpression(of(5f).negated(), -5f, "(-5.0f)");
        assertExpression(of(0f).negated(), -0f, "(-0.0f)");
        assertExpression(of(2).plus(of(3)).times(of(4).minus(of(1))), 15, "((2 + 3) * (4 - 1))");
    }

    @Test
    void bitOperations() {
        assertExpression(of(12).and(of(10)), 8, "(12 & 10)");
        assertExpression(of(12).or(of(10)), 14, "(12 | 10)");
        assertExpression(of(12L).xor(of(10L)), 6L, "(12L ^ 10L)");
        assertExpression(of(1L).shiftLeft(63), Long.MIN_VALUE, "(1L << 63)");
        assertExpression(of(-8).shiftRight(1), -4, "(-8 >> 1)");
        assertExpression(of(-1L).shiftRightUnsigned(of(60)), 15L, "(-1L >>> 60)");
    }

    @Test
    void whatChangesNothingIsLeftOut() {
        List<Local> n = List.of(N);
        assertExpression(N.plus(0), 9, "n", n, 9);
        assertExpression(N.times(1), 9, "n", n, 9);
        assertExpression(N.shiftLeft(0), 9, "n", n, 9);
        // Adding +0 turns -0 into +0.
        assertExpression(X.plus(of(0f)), 0f, "(x + 0.0f)", List.of(X), -0f);
    }

    @Test
    void comparisonsAndChoices() {
        for (Relation relation : Relation.values()) {
            for (int left : new int[]{-1, 0, 5}) {
                for (int right : new int[]{0, 5, Integer.MIN_VALUE}) {
                    boolean expected = holds(relation, Integer.compare(left, right));
                    String text = " " + relation.symbol() + " ";
                    assertExpression(of(left).is(relation, of(right)), expected, "(" + left + text + right + ")");
                    assertExpression(of((long) left).is(relation, of((long) right)).not(), !expected,
                            "(!(" + left + "L" + text + right + "L))");
                    assertExpression(of((float) left).is(relation, of((float) right)).choose(of(1), of(2)),
                            expected ? 1 : 2, "((" + (float) left + "f" + text + (float) right + "f) ? 1 : 2)");
                }
            }
            assertExpression(of(Double.NaN).is(relation, of(1d)), relation == Relation.NOT_EQUAL,
                    "(Double.NaN " + relation.symbol() + " 1.0)");
            assertExpression(of(1f).is(relation, of(Float.NaN)).not(), relation != Relation.NOT_EQUAL,
                    "(!(1.0f " + relation.symbol() + " Float.NaN))");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void logic(int bits) {
        Value left = of(bits & 1).equalTo(of(1));
        Value right = of(bits & 2).equalTo(of(2));
        String texts = "(" + (bits & 1) + " == 1) %s (" + (bits & 2) + " == 2)";
        assertExpression(left.andAlso(right), bits == 3, "(" + texts.formatted("&&") + ")");
        assertExpression(left.orElse(right), bits != 0, "(" + texts.formatted("||") + ")");
        assertExpression(left.orElse(right).not(), bits == 0, "(!(" + texts.formatted("||") + "))");
        assertExpression(left.andAlso(right).not().choose(of(7), of(8)), bits == 3 ? 8 : 7,
                "((!(" + texts.formatted("&&") + ")) ? 7 : 8)");
    }

    @Test
    void conversionsFollowJava() {
        assertExpression(of(200).to(ValueType.Primitive.BYTE), (int) (byte) 200, "((byte) 200)");
        assertExpression(of(70_000).to(ValueType.Primitive.SHORT), (int) (short) 70_000, "((short) 70000)");
        assertExpression(of(16_777_217).to(ValueType.FLOAT), 16_777_216f, "((float) 16777217)");
        assertExpression(of(3e9f).to(ValueType.INT), Integer.MAX_VALUE, "((int) 3.0E9f)");
        assertExpression(of(Float.NaN).to(ValueType.INT), 0, "((int) Float.NaN)");
        assertExpression(of(-7).to(ValueType.LONG), -7L, "((long) -7)");
        assertExpression(of(-7).to(ValueType.DOUBLE), -7d, "((double) -7)");
        assertExpression(of(1L << 40).to(ValueType.INT), 0, "((int) 1099511627776L)");
        assertExpression(of(1L << 40).to(ValueType.FLOAT), (float) (1L << 40), "((float) 1099511627776L)");
        assertExpression(of(1L << 40).to(ValueType.DOUBLE), (double) (1L << 40), "((double) 1099511627776L)");
        assertExpression(of(1e30f).to(ValueType.LONG), Long.MAX_VALUE, "((long) 1.0E30f)");
        assertExpression(of(0.1f).to(ValueType.DOUBLE), (double) 0.1f, "((double) 0.1f)");
        assertExpression(of(0.1d).to(ValueType.FLOAT), 0.1f, "((float) 0.1)");
        assertExpression(of(-2.9d).to(ValueType.INT), -2, "((int) -2.9)");
        assertExpression(of(-2.9d).to(ValueType.LONG), -2L, "((long) -2.9)");
        assertThat(N.to(ValueType.INT)).isSameAs(N);
    }

    @Test
    void constantsOfEverySize() {
        for (int number : new int[]{-1, 0, 5, 6, 127, -129, 32_767, 32_768, Integer.MIN_VALUE}) {
            assertExpression(of(number), number, Integer.toString(number));
        }
        assertExpression(of(1L), 1L, "1L");
        assertExpression(of(2L), 2L, "2L");
        assertExpression(of(-0f), -0f, "-0.0f");
        assertExpression(of(-0d), -0d, "-0.0");
        assertExpression(of(Float.NEGATIVE_INFINITY), Float.NEGATIVE_INFINITY, "Float.NEGATIVE_INFINITY");
        assertExpression(new JvmValue.Text("a \"b\" \\"), "a \"b\" \\", "\"a \\\"b\\\" \\\\\"");
        assertExpression(new JvmValue.IsNull(new JvmValue.Text("a")), false, "(\"a\" == null)");
        assertExpression(new JvmValue.Text("\u0001\u0080~"), "\u0001\u0080~", "\"\\u0001\\u0080~\"");
    }

    @Test
    void arrays() {
        Local bytes = Local.parameter("bytes", ValueType.BYTES);
        Local longs = Local.parameter("longs", ValueType.LONGS);
        byte[] data = {1, -2, 3};
        assertExpression(bytes.at(1), -2, "bytes[1]", List.of(bytes), data);
        assertExpression(bytes.at(N.plus(1)).and(of(255)), 254, "(bytes[n + 1] & 255)", List.of(bytes, N), data, 0);
        assertExpression(longs.length(), 2, "longs.length", List.of(longs), new long[2]);
    }

    @Test
    void calls() {
        assertExpression(MathFunction.BIT_COUNT_LONG.of(of(255L)), 8, "Long.bitCount(255L)");
        assertExpression(MathFunction.BIT_COUNT_INT.of(of(-1)), 32, "Integer.bitCount(-1)");
        assertExpression(MathFunction.MAX_FLOAT.of(X, of(0f)), 0f, "Math.max(x, 0.0f)", List.of(X), -0f);
        assertExpression(MathFunction.FLOAT_BITS.of(of(1f)), 0x3f800000, "Float.floatToRawIntBits(1.0f)");
        assertExpression(MathFunction.EXP.of(of(1d)), StrictMath.exp(1), "StrictMath.exp(1.0)");
    }

    @Test
    void illTypedValuesAreRefused() {
        assertThatThrownBy(() -> of(1).plus(of(1L))).isInstanceOf(IllTypedException.class)
                .hasMessage("int + long");
        assertThatThrownBy(() -> of(1f).and(of(1f))).hasMessage("float & float");
        assertThatThrownBy(() -> Value.binary(Operator.SHIFT_LEFT, of(1L), of(1L))).hasMessage("long << long");
        assertThatThrownBy(() -> of(1).lessThan(of(1f))).hasMessage("int < float");
        assertThatThrownBy(() -> of(1).andAlso(of(2))).hasMessage("int and/or int");
        assertThatThrownBy(() -> of(1).not()).hasMessage("!int");
        assertThatThrownBy(() -> of(1).choose(of(1), of(2))).hasMessage("int ? int : int");
        assertThatThrownBy(() -> of(1f).to(ValueType.Primitive.BYTE)).hasMessage("(byte) float");
        assertThatThrownBy(() -> of(1).at(0)).hasMessage("int[int]");
        assertThatThrownBy(() -> MathFunction.BIT_COUNT_LONG.of(of(1)))
                .hasMessage("BIT_COUNT_LONG[long] called with [int]");
        assertThatThrownBy(() -> Local.parameter("for me", ValueType.INT)).hasMessageContaining("no name for a local");
    }

    private static boolean holds(Relation relation, int order) {
        return switch (relation) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            case AT_LEAST -> order >= 0;
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
        };
    }
}
