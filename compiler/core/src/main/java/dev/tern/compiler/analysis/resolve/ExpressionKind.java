package dev.tern.compiler.analysis.resolve;

/** What an expression is, as far as can be told without evaluating it. */
public enum ExpressionKind {
    TENSOR, CONSTANT, FUNCTION,
    /** It holds an error that was reported. */
    UNKNOWN
}
