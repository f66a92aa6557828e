package dev.tern.languageserver;

import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.evaluate.EvaluationListener;
import dev.tern.compiler.analysis.value.ExpressionValue;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.syntax.Identifier;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.compiler.syntax.SyntaxTree;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One state of a text in the editor. What is asked of it is found when it is first asked for, and kept until the text
 * changes, which makes another document.
 */
final class OpenDocument {
    /** Distinct results of one op in a block that is applied many times; more are of no use to a reader. */
    private static final int KEPT = 8;

    private final String uri;
    private final int version;
    private final SourceFile source;
    private final TextPlaces places;
    private Understood understood;
    private WrittenTokens tokens;

    OpenDocument(String uri, int version, String text) {
        this.uri = uri;
        this.version = version;
        source = new SourceFile(file().map(Path::toString).orElse(uri), text);
        places = new TextPlaces(text);
    }

    /** An op where it is applied. */
    record Applied(TensorType result, Optional<String> weights, Optional<String> activations) {
    }

    /**
     * What analysis found.
     *
     * @param values of names, by where the name that was given the value begins
     * @param ops by where they begin
     */
    record Understood(SyntaxTree tree, Map<Integer, Set<ExpressionValue>> values, Map<Integer, Set<Applied>> ops,
            Diagnostics diagnostics) {
    }

    String uri() {
        return uri;
    }

    int version() {
        return version;
    }

    SourceFile source() {
        return source;
    }

    TextPlaces places() {
        return places;
    }

    /** Where the text is kept; empty for one that has no place on a disk yet. */
    Optional<Path> file() {
        try {
            return Optional.of(URI.create(uri)).filter(location -> "file".equalsIgnoreCase(location.getScheme()))
                    .map(Path::of);
        } catch (IllegalArgumentException | FileSystemNotFoundException noFile) {
            return Optional.empty();
        }
    }

    synchronized WrittenTokens tokens() {
        if (tokens == null) {
            tokens = new WrittenTokens(source);
        }
        return tokens;
    }

    synchronized Understood understood() {
        if (understood == null) {
            Diagnostics diagnostics = new Diagnostics();
            SyntaxTree tree = SyntaxReader.read(source, diagnostics);
            understood = new Understood(tree, new LinkedHashMap<>(), new LinkedHashMap<>(), diagnostics);
            Analyzer.analyze(tree, diagnostics, new Collector(understood));
        }
        return understood;
    }

    /** Keeps what is heard while the model is evaluated. */
    private record Collector(Understood into) implements EvaluationListener {
        @Override
        public void bound(Identifier name, ExpressionValue value) {
            add(into.values.computeIfAbsent(name.span().start(), _ -> new LinkedHashSet<>()), value);
        }

        @Override
        public void applied(SourceSpan call, TensorType result, Optional<String> weights,
                Optional<String> activations) {
            add(into.ops.computeIfAbsent(call.start(), _ -> new LinkedHashSet<>()),
                    new Applied(result, weights, activations));
        }

        private static <T> void add(Set<T> all, T one) {
            if (all.size() < KEPT) {
                all.add(one);
            }
        }
    }
}
