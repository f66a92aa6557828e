package dev.tern.importers.tern;

import java.util.ArrayList;
import java.util.List;

/** One statement of the model: calls, each on the result of the one before it, the last of which is its value. */
final class CallChain {
    private final List<Integer> calls = new ArrayList<>();
    private String name = "";

    List<Integer> calls() {
        return calls;
    }

    int value() {
        return calls.getLast();
    }

    String name() {
        return name;
    }

    void name(String given) {
        name = given;
    }
}
