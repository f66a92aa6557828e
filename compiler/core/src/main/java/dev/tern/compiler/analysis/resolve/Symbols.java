package dev.tern.compiler.analysis.resolve;

import dev.tern.compiler.syntax.Identifier;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The names of one model or block, with what they stand for and whether anything asks for them. */
final class Symbols {
    /** What a name was given to. */
    enum SymbolSource {
        INPUT, ARGUMENT, DIMENSION, STATEMENT
    }

    record Symbol(Identifier name, ExpressionKind kind, SymbolSource origin) {
    }

    private final Map<String, Symbol> symbols = new LinkedHashMap<>();
    private final Map<String, Identifier> later = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    /** @return the symbol that has the name already, if there is one */
    Optional<Symbol> define(Identifier name, ExpressionKind kind, SymbolSource origin) {
        return Optional.ofNullable(symbols.putIfAbsent(name.text(), new Symbol(name, kind, origin)));
    }

    /** Says that a statement further down defines the name. */
    void announce(Identifier name) {
        later.putIfAbsent(name.text(), name);
    }

    Optional<Symbol> use(String name) {
        used.add(name);
        return find(name);
    }

    Optional<Symbol> find(String name) {
        return Optional.ofNullable(symbols.get(name));
    }

    Optional<Identifier> definedLater(String name) {
        return Optional.ofNullable(later.get(name));
    }

    boolean isUsed(String name) {
        return used.contains(name);
    }

    Collection<Symbol> all() {
        return symbols.values();
    }

    Set<String> names() {
        return symbols.keySet();
    }
}
