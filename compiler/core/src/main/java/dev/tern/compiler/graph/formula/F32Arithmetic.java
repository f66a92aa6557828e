package dev.tern.compiler.graph.formula;

/** Steps in f32. Two f32 operands and one rounding: what f64 rounds before is never seen (Figueroa 1995). */
final class F32Arithmetic implements Arithmetic<Float> {
    @Override
    public Float constant(double value) {
        return (float) value;
    }

    @Override
    public Float unary(UnaryFunction function, Float x) {
        return (float) function.apply(x);
    }

    @Override
    public Float binary(BinaryFunction function, Float left, Float right) {
        return function.apply(left, right);
    }

    @Override
    public Float choice(Formula.Comparison comparison, Float left, Float right, Float then, Float otherwise) {
        return comparison.holds(left, right) ? then : otherwise;
    }
}
