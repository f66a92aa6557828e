package dev.tern.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Prints expressions on one line where they fit, broken up where they do not or where comments ask for it. */
final class ExpressionPrinter {
    private final Page page;
    private final Comments comments;
    private final PipelinePrinter pipelines;

    ExpressionPrinter(Page page, Comments comments, Predicate<String> startsLayer) {
        this.page = page;
        this.comments = comments;
        this.pipelines = new PipelinePrinter(page, comments, this, startsLayer);
    }

    /**
     * Prints an expression where the page stands.
     *
     * @param precedence looser expressions go in parentheses
     * @param reserve columns to keep free after it for what follows on its line
     */
    void print(Expression expression, int precedence, int reserve) {
        Optional<String> flat = new FlatPrinter(comments, room(reserve)).print(expression, precedence);
        if (flat.isPresent()) {
            page.add(flat.get());
        } else if (Precedence.of(expression) < precedence) {
            page.add("(");
            broken(expression, reserve + 1);
            page.add(")");
        } else {
            broken(expression, reserve);
        }
    }

    /** Columns left on the line when some are kept free. */
    int room(int reserve) {
        return Page.WIDTH - page.column() - reserve;
    }

    /** Prints a pipeline that is the whole value of a binding, which is broken into layers early. */
    void printValue(Expression expression, int headWidth) {
        if (expression instanceof Expression.Pipeline pipeline) {
            pipelines.printValue(pipeline, headWidth);
        } else {
            print(expression, Precedence.PIPELINE, 0);
        }
    }

    private void broken(Expression expression, int reserve) {
        switch (expression) {
            case Expression.Pipeline pipeline -> pipelines.printBroken(pipeline, 0, reserve);
            case Expression.Call call -> {
                page.add(call.callee().text());
                enclosed(call, "(", call.arguments(), argument -> argument(argument, 1), ")");
            }
            case Expression.ListLiteral list when comments.isBroken(list) -> enclosed(list, "[", list.elements(),
                    element -> print(element, Precedence.PIPELINE, 1), "]");
            case Expression.ListLiteral list -> {
                int outer = page.indent();
                page.add("[");
                page.line(outer + Page.INDENT);
                fill(list.elements());
                page.line(outer);
                page.add("]");
            }
            case Expression.Binary binary -> chain(binary, reserve);
            case Expression.Unary unary -> {
                page.add(FlatPrinter.sign(unary.operator()));
                print(unary.operand(), Precedence.operand(unary.operator()), reserve);
            }
            case Expression.Range range -> {
                print(range.low(), Precedence.RANGE_END, 2);
                page.add(FlatPrinter.dots(range));
                print(range.high(), Precedence.RANGE_END, reserve);
            }
            case Expression.IntegerLiteral atom -> atom(atom);
            case Expression.DecimalLiteral atom -> atom(atom);
            case Expression.Text atom -> atom(atom);
            case Expression.BooleanLiteral atom -> atom(atom);
            case Expression.Size atom -> atom(atom);
            case Expression.Bytes atom -> atom(atom);
            case Expression.Name atom -> atom(atom);
            case Expression.Inferred atom -> atom(atom);
        }
    }

    /** What cannot be broken is printed however long it is. */
    private void atom(Expression atom) {
        page.add(Formatter.print(atom));
    }

    void argument(Argument argument, int reserve) {
        if (argument.name() != null) {
            page.add(argument.name().text() + ": ");
        }
        print(argument.value(), Precedence.PIPELINE, reserve);
    }

    /** Entries between brackets, each on a line of its own. */
    <T> void enclosed(Object container, String open, List<T> entries, Consumer<T> print, String close) {
        int outer = page.indent();
        page.add(open);
        if (!entries.isEmpty()) {
            lines(container, entries, print, outer + Page.INDENT);
            page.line(outer);
        }
        page.add(close);
    }

    /** Entries each on a line of its own, with commas and comments. */
    <T> void lines(Object container, List<T> entries, Consumer<T> print, int indent) {
        for (int i = 0; i < entries.size(); i++) {
            T entry = entries.get(i);
            for (Comment comment : comments.before(entry)) {
                page.line(indent);
                page.add(comment.text());
            }
            page.line(indent);
            print.accept(entry);
            page.add(i + 1 < entries.size() ? "," : "");
            page.add(comments.after(entry));
        }
        for (Comment comment : comments.atEnd(container)) {
            page.line(indent);
            page.add(comment.text());
        }
    }

    /** Entries in lines as full as they get. */
    void fill(List<? extends Expression> entries) {
        int indent = page.indent();
        for (int i = 0; i < entries.size(); i++) {
            String comma = i + 1 < entries.size() ? "," : "";
            boolean first = page.column() == indent;
            int space = first ? 0 : 1;
            Optional<String> flat = new FlatPrinter(comments, room(space + comma.length())).print(entries.get(i),
                    Precedence.PIPELINE);
            if (flat.isEmpty() && !first) {
                page.line(indent);
            } else {
                page.pad(space);
            }
            print(entries.get(i), Precedence.PIPELINE, comma.length());
            page.add(comma);
        }
    }

    /** Operators that group to the left, each before its operand on a line of its own. */
    private void chain(Expression.Binary binary, int reserve) {
        int start = page.column();
        List<Expression.Binary> links = new ArrayList<>();
        Expression first = binary;
        while (first instanceof Expression.Binary link
                && (links.isEmpty() || Precedence.of(link) >= Precedence.left(links.getFirst().operator()))
                && link.operator().precedence() == binary.operator().precedence()) {
            links.addFirst(link);
            first = link.left();
        }
        print(first, Precedence.left(binary.operator()), 0);
        for (Expression.Binary link : links) {
            page.line(start);
            page.add(link.operator().symbol() + " ");
            print(link.right(), Precedence.right(link.operator()), link == links.getLast() ? reserve : 0);
        }
    }
}
