package dev.tern.importers.network;

/** The functions of elements on constants, in double and rounded once to f32. */
final class ElementFunctions {
    private ElementFunctions() {
    }

    static float apply(NetworkOp.Unary op, float x) {
        double alpha = op.alpha();
        double beta = op.beta();
        return switch (op.function()) {
            case RELU -> Math.max(x, 0);
            case SIGMOID -> (float) (1 / (1 + StrictMath.exp(-x)));
            case TANH -> (float) StrictMath.tanh(x);
            case SILU -> (float) (x / (1 + StrictMath.exp(-x)));
            case CLIP -> x < op.alpha() ? op.alpha() : x > op.beta() ? op.beta() : x;
            case LEAKY_RELU -> x >= 0 ? x : op.alpha() * x;
            case ELU -> x > 0 ? x : (float) (alpha * StrictMath.expm1(x));
            case SELU -> (float) (beta * (x > 0 ? x : alpha * StrictMath.expm1(x)));
            case CELU -> x > 0 ? x : (float) (alpha * StrictMath.expm1(x / alpha));
            case HARD_SIGMOID -> (float) Math.clamp(alpha * x + beta, 0, 1);
            case HARD_SWISH -> (float) (x * Math.clamp(x / 6d + 0.5, 0, 1));
            case THRESHOLDED_RELU -> x > op.alpha() ? x : 0;
            case SHRINK -> x < -op.alpha() ? x + op.beta() : x > op.alpha() ? x - op.beta() : 0;
            case SOFTPLUS -> (float) (Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))));
            case SOFTSIGN -> (float) (x / (1d + Math.abs(x)));
            case MISH -> (float) (x * StrictMath.tanh(StrictMath.log1p(StrictMath.exp(x))));
            case EXP -> (float) StrictMath.exp(x);
            case LOG -> (float) StrictMath.log(x);
            case SQRT -> (float) Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case ABSOLUTE -> Math.abs(x);
            case NEGATE -> -x;
            case FLOOR -> (float) Math.floor(x);
            case CEIL -> (float) Math.ceil(x);
            case ROUND -> (float) Math.rint(x);
            case SIGN -> Math.signum(x);
            case SIN -> (float) StrictMath.sin(x);
            case COS -> (float) StrictMath.cos(x);
            case NOT -> x == 0 ? 1 : 0;
            case GELU_TANH, GELU_ERF, ERF -> throw new ImportProblemException(
                    op.function() + " of a constant is not computed at import");
        };
    }

    static long apply(NetworkOp.Unary op, long x) {
        return switch (op.function()) {
            case ABSOLUTE -> Math.abs(x);
            case NEGATE -> -x;
            case SIGN -> Long.signum(x);
            case NOT -> x == 0 ? 1 : 0;
            case FLOOR, CEIL, ROUND -> x;
            case RELU -> Math.max(x, 0);
            case CLIP -> Math.max((long) op.alpha(), Math.min((long) op.beta(), x));
            default -> throw new ImportProblemException(op.function() + " of integers is not computed at import");
        };
    }

    static float apply(NetworkOp.Binary.Function function, float x, float y) {
        return switch (function) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case POWER -> (float) StrictMath.pow(x, y);
            case MINIMUM -> Math.min(x, y);
            case MAXIMUM -> Math.max(x, y);
            case MODULO -> (float) (x - y * Math.floor((double) x / y));
            case EQUAL -> x == y ? 1 : 0;
            case LESS -> x < y ? 1 : 0;
            case LESS_EQUAL -> x <= y ? 1 : 0;
            case GREATER -> x > y ? 1 : 0;
            case GREATER_EQUAL -> x >= y ? 1 : 0;
            case AND -> x != 0 && y != 0 ? 1 : 0;
            case OR -> x != 0 || y != 0 ? 1 : 0;
            case XOR -> x != 0 ^ y != 0 ? 1 : 0;
        };
    }

    static long apply(NetworkOp.Binary.Function function, long x, long y) {
        return switch (function) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / requireNonZero(y);
            case POWER -> (long) StrictMath.pow(x, y);
            case MINIMUM -> Math.min(x, y);
            case MAXIMUM -> Math.max(x, y);
            case MODULO -> Math.floorMod(x, requireNonZero(y));
            case EQUAL -> x == y ? 1 : 0;
            case LESS -> x < y ? 1 : 0;
            case LESS_EQUAL -> x <= y ? 1 : 0;
            case GREATER -> x > y ? 1 : 0;
            case GREATER_EQUAL -> x >= y ? 1 : 0;
            case AND -> x != 0 && y != 0 ? 1 : 0;
            case OR -> x != 0 || y != 0 ? 1 : 0;
            case XOR -> x != 0 ^ y != 0 ? 1 : 0;
        };
    }

    private static long requireNonZero(long divisor) {
        if (divisor == 0) {
            throw new ImportProblemException("arithmetic on shapes divides by zero");
        }
        return divisor;
    }
}
