package dev.tern.compiler.analysis.resolve;

import dev.tern.compiler.syntax.Expression;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the names of a file refer to. */
public final class Resolution {
    private final Map<String, BlockDefinition> blocks = new HashMap<>();
    private final Map<Expression, Application> applications = new IdentityHashMap<>();
    private final Map<Expression, ExpressionKind> kinds = new IdentityHashMap<>();

    private final Set<String> endless = new HashSet<>();

    Resolution() {
    }

    void add(BlockDefinition block) {
        blocks.put(block.name(), block);
    }

    void add(Expression expression, Application application) {
        applications.put(expression, application);
    }

    void add(Expression expression, ExpressionKind kind) {
        kinds.put(expression, kind);
    }

    Map<String, BlockDefinition> blocks() {
        return blocks;
    }

    Optional<BlockDefinition> block(String name) {
        return Optional.ofNullable(blocks.get(name));
    }

    void addEndless(String block) {
        endless.add(block);
    }

    /** Whether applying a block never ends, because it comes back to itself. */
    public boolean isEndless(BlockDefinition block) {
        return endless.contains(block.name());
    }

    /** What a call, or a name, applies; empty for a value's name and where an error was reported. */
    public Optional<Application> application(Expression expression) {
        return Optional.ofNullable(applications.get(expression));
    }

    /** What an expression is; UNKNOWN where nobody looked at it because of an error. */
    public ExpressionKind kind(Expression expression) {
        return kinds.getOrDefault(expression, ExpressionKind.UNKNOWN);
    }
}
