package dev.tern.compiler.syntax;

import dev.tern.grammar.TernLexer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/** The comments of a text, each placed at a node of its tree: on lines before it, at its end, or before its closer. */
final class Comments {
    private final Map<Object, List<Comment>> leading = new IdentityHashMap<>();
    private final Map<Object, Comment> trailing = new IdentityHashMap<>();
    private final Map<Object, List<Comment>> ending = new IdentityHashMap<>();
    private final Set<Object> broken = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Object, Integer> documentationStarts = new IdentityHashMap<>();
    private final String text;

    private Comments(String text) {
        this.text = text;
    }

    /** No comments, and no blank lines either. */
    static Comments none() {
        return new Comments("");
    }

    static Comments of(TokenScan scan, SyntaxTree tree) {
        Comments comments = new Comments(scan.source().text());
        Set<Token> documentation = new HashSet<>();
        List<Comment> found = new ArrayList<>();
        for (Declaration declaration : tree.declarations()) {
            documentation.addAll(comments.documentation(scan, declaration, declaration.span().start()));
            for (Statement statement : declaration.statements()) {
                if (statement instanceof Statement.Binding binding) {
                    documentation.addAll(comments.documentation(scan, binding, binding.span().start()));
                }
            }
        }
        for (Token token : scan.tokens()) {
            if (token.getChannel() != Token.DEFAULT_CHANNEL && !documentation.contains(token)) {
                found.add(new Comment(plain(token), token.getStartIndex(),
                        comments.blankBefore(token.getStartIndex())));
            }
        }
        new CommentPlacement(comments, scan).file(tree, found);
        return comments;
    }

    private List<Token> documentation(TokenScan scan, Object node, int start) {
        List<Token> lines = Documentation.before(scan, scan.tokenAt(start));
        if (!lines.isEmpty()) {
            documentationStarts.put(node, lines.getFirst().getStartIndex());
        }
        return lines;
    }

    /** The offset of the documentation of a node, or of the node itself where it has none. */
    int documentationStart(Object node, int start) {
        return documentationStarts.getOrDefault(node, start);
    }

    /**
     * A documentation comment that documents nothing is printed as an ordinary one, lest it document something then.
     */
    private static String plain(Token token) {
        String comment = token.getText().stripTrailing();
        return token.getType() == TernLexer.DOCUMENTATION ? comment.substring(1) : comment;
    }

    /** Whether an empty line stands before the offset, with nothing but blanks in between. */
    boolean blankBefore(int offset) {
        int breaks = 0;
        for (int i = Math.min(offset, text.length()) - 1; i >= 0 && Character.isWhitespace(text.charAt(i)); i--) {
            breaks += text.charAt(i) == '\n' ? 1 : 0;
        }
        return breaks > 1;
    }

    /** Whether the two offsets are on one line. */
    boolean onOneLine(int from, int to) {
        return text.indexOf('\n', from) < 0 || text.indexOf('\n', from) >= to;
    }

    void lead(Object node, Comment comment) {
        leading.computeIfAbsent(node, key -> new ArrayList<>()).add(comment);
    }

    void trail(Object node, Comment comment) {
        trailing.put(node, comment);
    }

    void end(Object container, Comment comment) {
        ending.computeIfAbsent(container, key -> new ArrayList<>()).add(comment);
    }

    /** Notes that the entries of a list, a call or a pipeline go on lines of their own. */
    void breakUp(Object container) {
        broken.add(container);
    }

    boolean isBroken(Object container) {
        return broken.contains(container);
    }

    /** Comments for lines of their own before a node. */
    List<Comment> before(Object node) {
        return leading.getOrDefault(node, List.of());
    }

    /** What follows a node on its line: a space and a comment, or nothing. */
    String after(Object node) {
        Comment comment = trailing.get(node);
        return comment == null ? "" : " " + comment.text();
    }

    boolean hasAfter(Object node) {
        return trailing.containsKey(node);
    }

    /** Comments for lines of their own after the last entry of a container. */
    List<Comment> atEnd(Object container) {
        return ending.getOrDefault(container, List.of());
    }
}
