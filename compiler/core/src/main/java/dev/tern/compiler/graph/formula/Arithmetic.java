package dev.tern.compiler.graph.formula;

/**
 * What evaluates formulas: numbers, arrays of them, or expressions that compute them later.
 *
 * @param <V> the values
 */
public interface Arithmetic<V> {
    /** f32, every step rounded to it. */
    Arithmetic<Float> F32 = new F32Arithmetic();

    /** f64, every step rounded to it. */
    Arithmetic<Double> F64 = new F64Arithmetic();

    V constant(double value);

    V unary(UnaryFunction function, V x);

    V binary(BinaryFunction function, V left, V right);

    V choice(Formula.Comparison comparison, V left, V right, V then, V otherwise);

    /** A value that is used several times: what writes expressions down gives it a name. */
    default V kept(V value) {
        return value;
    }
}
