package dev.tern.languageserver;

import dev.tern.compiler.analysis.catalogue.BudgetLimits;
import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.analysis.catalogue.Kind;
import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.analysis.catalogue.OpParameter;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.catalogue.Schemes;
import dev.tern.grammar.TernLexer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/**
 * Where in a text, that may be half written, a place is: between which brackets, behind which name and colon, and
 * which names are defined before it. It is found of the words and signs alone, for a statement that is being written
 * has no tree.
 */
final class CursorPlace {
    /** A bracket that is open at the place. */
    private static final class Level {
        final Token open;
        /** The name before it, or null. */
        final Token callee;
        /** Whether {@code |>} stands before the name, so that no operand comes first. */
        final boolean piped;
        /** Of a body: the word of the statement if it is one with settings. */
        Token statement;
        String argument;
        int index;
        final Set<String> given = new LinkedHashSet<>();

        Level(Token open, Token callee, boolean piped) {
            this.open = open;
            this.callee = callee;
            this.piped = piped;
        }

        void next() {
            argument = null;
            index++;
        }
    }

    private final Map<String, OpSignature> blocks;
    private final List<Level> levels = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private Optional<String> defining = Optional.empty();
    private Optional<Token> previous = Optional.empty();

    /**
     * @param tokens that a parser sees
     * @param offset those that begin there or later are left out
     * @param blocks the compile-time arguments of the file's blocks
     */
    CursorPlace(List<Token> tokens, int offset, Map<String, OpSignature> blocks) {
        this.blocks = blocks;
        Deque<Token> read = new ArrayDeque<>();
        for (Token token : tokens) {
            if (token.getStartIndex() >= offset) {
                break;
            }
            step(token, read);
            read.addLast(token);
            if (read.size() > 2) {
                read.removeFirst();
            }
        }
        previous = Optional.ofNullable(read.peekLast());
    }

    private void step(Token token, Deque<Token> read) {
        Token before = read.peekLast();
        switch (token.getType()) {
            case TernLexer.LPAREN, TernLexer.LBRACKET, TernLexer.LBRACE -> open(token, read);
            case TernLexer.RPAREN, TernLexer.RBRACKET, TernLexer.RBRACE -> close();
            case TernLexer.COMMA -> innermost().ifPresent(Level::next);
            case TernLexer.COLON -> colon(before);
            case TernLexer.ASSIGN -> assign(before);
            case TernLexer.DEFAULT, TernLexer.BUDGET -> innermost().filter(CursorPlace::isBody).ifPresent(level -> {
                level.statement = token;
                level.argument = null;
                level.given.clear();
            });
            default -> {
                // Any other word or sign changes nothing about where what follows stands.
            }
        }
    }

    private void open(Token token, Deque<Token> read) {
        Token before = read.peekLast();
        boolean called = token.getType() == TernLexer.LPAREN && before != null && WrittenTokens.isName(before);
        boolean piped = called && read.size() > 1 && read.peekFirst().getType() == TernLexer.PIPE;
        levels.add(new Level(token, called ? before : null, piped));
    }

    private void close() {
        // With its body a declaration ends, and what it names.
        if (!levels.isEmpty() && isBody(levels.removeLast()) && levels.isEmpty()) {
            names.clear();
            defining = Optional.empty();
        }
    }

    private void colon(Token before) {
        innermost().ifPresent(level -> {
            if (before != null && WrittenTokens.isName(before)) {
                level.argument = before.getText();
                level.given.add(before.getText());
                // Of a head; what it says of outputs gives them no value.
                if (levels.size() == 1 && level.callee != null) {
                    names.add(before.getText());
                }
            }
        });
    }

    private void assign(Token before) {
        innermost().filter(CursorPlace::isBody).ifPresent(level -> {
            level.statement = null;
            level.argument = null;
            // A statement's name means something behind it only.
            defining.ifPresent(names::add);
            defining = Optional.ofNullable(before).filter(WrittenTokens::isName).map(Token::getText);
        });
    }

    private static boolean isBody(Level level) {
        return level.open.getType() == TernLexer.LBRACE;
    }

    private Optional<Level> innermost() {
        return levels.isEmpty() ? Optional.empty() : Optional.of(levels.getLast());
    }

    /** The word or sign before the place. */
    Optional<Token> previous() {
        return previous;
    }

    /** Whether the place is outside of every declaration. */
    boolean isOutside() {
        return levels.isEmpty();
    }

    /** Whether the place is in a model's or block's body, between no brackets. */
    boolean isBody() {
        return innermost().filter(CursorPlace::isBody).isPresent();
    }

    /** Whether the place is in a declaration's body at all, and not in its head. */
    boolean isInBody() {
        return levels.stream().anyMatch(CursorPlace::isBody);
    }

    /** Names that are defined before the place, in the declaration that it is in. */
    Set<String> names() {
        return names;
    }

    /** What may stand between the brackets that the place is in, or behind the word of its statement. */
    Optional<OpSignature> signature() {
        return signature(levels.size() - 1);
    }

    private Optional<OpSignature> signature(int depth) {
        if (depth < 0) {
            return Optional.empty();
        }
        Level level = levels.get(depth);
        if (isBody(level)) {
            return Optional.ofNullable(level.statement).map(word -> word.getType() == TernLexer.DEFAULT
                    ? Schemes.DEFAULTS
                    : BudgetLimits.SIGNATURE);
        }
        if (level.callee == null) {
            return Optional.empty();
        }
        String name = level.callee.getText();
        return kinds(depth - 1).stream().flatMap(kind -> kind.words().stream())
                .filter(word -> word.name().equals(name)).findFirst()
                .or(() -> Catalogue.find(name).map(OpDefinition::signature))
                .or(() -> Optional.ofNullable(blocks.get(name)));
    }

    /** Arguments that have been written before the place, by name or by place. */
    Set<String> given() {
        Set<String> given = new LinkedHashSet<>();
        innermost().ifPresent(level -> {
            given.addAll(level.given);
            int byPlace = level.index - given.size() - (level.piped || isBody(level) ? 0 : 1);
            signature().ifPresent(signature -> signature.parameterNames().stream()
                    .limit(Math.clamp(byPlace, 0, signature.positional())).forEach(given::add));
        });
        return given;
    }

    /** The name before the colon that the place is behind. */
    Optional<String> argument() {
        return innermost().flatMap(level -> Optional.ofNullable(level.argument));
    }

    /** What the place may hold as an argument: of the name before the colon, else by place. */
    List<Kind<?>> kinds() {
        return kinds(levels.size() - 1);
    }

    private List<Kind<?>> kinds(int depth) {
        Optional<OpSignature> signature = signature(depth);
        if (signature.isEmpty()) {
            return List.of();
        }
        Level level = levels.get(depth);
        if (level.argument != null) {
            return signature.get().find(level.argument).<List<Kind<?>>>map(p -> List.of(p.kind())).orElse(List.of());
        }
        // Where no pipe stands before it, an operand may be the first thing between the brackets.
        List<Kind<?>> kinds = new ArrayList<>();
        List<OpParameter<?>> parameters = signature.get().parameters();
        for (int place = level.index; place >= Math.max(0, level.index - (level.piped ? 0 : 1)); place--) {
            if (place < Math.min(parameters.size(), signature.get().positional())) {
                kinds.add(parameters.get(place).kind());
            }
        }
        return kinds;
    }
}
