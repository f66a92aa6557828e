package dev.tern.compiler.graph.formula;

/** The steps of formulas that have two operands. */
public enum BinaryFunction {
    ADD, SUBTRACT, MULTIPLY, DIVIDE,
    /** As {@link Math#min(float, float)}: -0 lies below +0. */
    MINIMUM,
    /** As {@link Math#max(float, float)}: -0 lies below +0. */
    MAXIMUM;

    public float apply(float left, float right) {
        return switch (this) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MINIMUM -> Math.min(left, right);
            case MAXIMUM -> Math.max(left, right);
        };
    }

    /** In double. */
    public double apply(double left, double right) {
        return switch (this) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MINIMUM -> Math.min(left, right);
            case MAXIMUM -> Math.max(left, right);
        };
    }

    /** Whether the operands may change places. */
    public boolean commutes() {
        return switch (this) {
            case ADD, MULTIPLY, MINIMUM, MAXIMUM -> true;
            case SUBTRACT, DIVIDE -> false;
        };
    }

    /**
     * The right operand beside which the left one is the result, bit for bit: adding +0 would turn -0 into +0.
     */
    public float neutral() {
        return switch (this) {
            case ADD -> -0f;
            case SUBTRACT -> 0f;
            case MULTIPLY, DIVIDE -> 1f;
            case MINIMUM -> Float.POSITIVE_INFINITY;
            case MAXIMUM -> Float.NEGATIVE_INFINITY;
        };
    }

    public KnownSign sign(KnownSign left, KnownSign right) {
        return switch (this) {
            case ADD -> left == KnownSign.NO_SIGN_BIT && right.nonNegative()
                    || right == KnownSign.NO_SIGN_BIT && left.nonNegative() ? KnownSign.NO_SIGN_BIT : left.or(right);
            case SUBTRACT -> KnownSign.ANY;
            case MULTIPLY, MINIMUM -> left.or(right);
            // What is divided by -0 changes its sign.
            case DIVIDE -> right == KnownSign.NO_SIGN_BIT ? left.or(right) : KnownSign.ANY;
            case MAXIMUM -> left.compareTo(right) > 0 ? left : right;
        };
    }

    Direction direction(Formula left, Formula right) {
        Direction l = left.direction();
        Direction r = right.direction();
        return switch (this) {
            case ADD, MINIMUM, MAXIMUM -> l.with(r);
            case SUBTRACT -> l.with(r.reversed());
            case MULTIPLY -> right instanceof Formula.Number(double factor)
                    ? l.scaled(factor)
                    : left instanceof Formula.Number(double factor) ? r.scaled(factor) : Direction.UNKNOWN;
            case DIVIDE -> right instanceof Formula.Number(double divisor) ? l.scaled(divisor) : Direction.UNKNOWN;
        };
    }

    Formula derivative(Formula left, Formula right) {
        Formula dl = left.derivative();
        Formula dr = right.derivative();
        return switch (this) {
            case ADD -> Formula.plus(dl, dr);
            case SUBTRACT -> Formula.minus(dl, dr);
            case MULTIPLY -> Formula.plus(Formula.times(dl, right), Formula.times(left, dr));
            case DIVIDE -> Formula.minus(Formula.over(dl, right),
                    Formula.times(Formula.over(left, right), Formula.over(dr, right)));
            case MINIMUM -> Formula.atLeast(left, right, dr, dl);
            case MAXIMUM -> Formula.atLeast(left, right, dl, dr);
        };
    }
}
