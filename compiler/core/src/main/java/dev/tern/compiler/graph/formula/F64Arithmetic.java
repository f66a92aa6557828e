package dev.tern.compiler.graph.formula;

/** Steps in f64. */
final class F64Arithmetic implements Arithmetic<Double> {
    @Override
    public Double constant(double value) {
        return value;
    }

    @Override
    public Double unary(UnaryFunction function, Double x) {
        return function.apply(x);
    }

    @Override
    public Double binary(BinaryFunction function, Double left, Double right) {
        return function.apply(left, right);
    }

    @Override
    public Double choice(Formula.Comparison comparison, Double left, Double right, Double then, Double otherwise) {
        return comparison.holds(left, right) ? then : otherwise;
    }
}
