package dev.tern.compiler.code;

/** A comparison of two numbers of one type; with NaN only NOT_EQUAL holds. */
public enum Relation {
    LESS("<"), AT_MOST("<="), GREATER(">"), AT_LEAST(">="), EQUAL("=="), NOT_EQUAL("!=");

    private final String symbol;

    Relation(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }
}
