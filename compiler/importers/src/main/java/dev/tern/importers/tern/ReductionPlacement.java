package dev.tern.importers.tern;

import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import java.util.ArrayList;
import java.util.List;

/** Reductions over any axes: as means and maxima of the rows of a matrix. */
final class ReductionPlacement {
    private final Site site;

    ReductionPlacement(Site site) {
        this.site = site;
    }

    Placed reduce(ForeignNode node, NetworkOp.Reduce op) {
        ForeignValue x = node.x();
        List<Integer> kept = Extents.range(x.rank()).stream().filter(a -> !op.axes().contains(a)).toList();
        // The order in which what is kept stands.
        List<Integer> stored = site.arrangement().unshuffled(site.real(x), x, site.origin()).axes();
        List<Integer> outer = new ArrayList<>(stored.stream().filter(kept::contains).toList());
        List<Integer> inner = op.axes().stream().filter(a -> x.size(a) != 1).toList();
        List<Integer> wanted = new ArrayList<>(inner);
        wanted.addAll(outer);
        Placed placed = site.real(x, wanted);
        int count = Extents.elements(inner.stream().map(x::size).toList());
        int rest = Extents.elements(outer.stream().map(x::size).toList());
        // A mean takes planes as they are.
        boolean plane = op.kind() == NetworkOp.Reduce.Kind.MEAN && count > 1 && outer.size() == 1 && inner.size() <= 2;
        int reduced = plane
                ? site.apply("avgpool", placed.call(), List.of(), List.of(rest))
                : count == 1
                        ? single(op.kind(), site.arrangement().reshape(placed.call(), List.of(rest), site.origin()))
                        : rows(op.kind(),
                                site.arrangement().reshape(placed.call(), List.of(count, rest), site.origin()),
                                count, rest);
        List<Integer> axes = new ArrayList<>();
        for (int axis : outer) {
            axes.add(op.keep() ? axis : axis - (int) op.axes().stream().filter(a -> a < axis).count());
        }
        if (axes.isEmpty() && node.output().rank() > 0) {
            axes.add(node.output().rank() - 1);
        }
        return Placed.of(site.arrangement().reshape(reduced, axes.stream().map(node.output()::size).toList(),
                site.origin()), axes);
    }

    /** Rows [count, rest] to one row. */
    int rows(NetworkOp.Reduce.Kind kind, int x, int count, int rest) {
        List<Integer> row = List.of(rest);
        return switch (kind) {
            case MEAN -> site.apply("avgpool", x, List.of(), row);
            case SUM -> site.times(site.apply("avgpool", x, List.of(), row), count);
            case MAX -> {
                int plane = site.arrangement().reshape(x, List.of(count, 1, rest), site.origin());
                int pooled = site.apply("maxpool", plane, List.of(count + "x1"), List.of(1, 1, rest));
                yield site.arrangement().reshape(pooled, row, site.origin());
            }
            case MIN -> site.times(rows(NetworkOp.Reduce.Kind.MAX, site.times(x, -1), count, rest), -1);
            case SQUARE_SUM -> rows(NetworkOp.Reduce.Kind.SUM, square(x), count, rest);
            case SQUARE_SUM_ROOT -> site.apply(site.has("sqrt"),
                    rows(NetworkOp.Reduce.Kind.SQUARE_SUM, x, count, rest));
            case ABSOLUTE_SUM -> rows(NetworkOp.Reduce.Kind.SUM, absolute(x), count, rest);
            case LOG_SUM -> site.apply(site.has("log"), rows(NetworkOp.Reduce.Kind.SUM, x, count, rest));
            case LOG_SUM_EXP -> {
                int greatest = rows(NetworkOp.Reduce.Kind.MAX, x, count, rest);
                int sum = rows(NetworkOp.Reduce.Kind.SUM, site.apply(site.has("exp"), site.call("-", x, greatest)),
                        count, rest);
                yield site.call("+", site.apply(site.has("log"), sum), greatest);
            }
            case PRODUCT -> throw new ImportProblemException("a product of the elements of an axis is not supported");
        };
    }

    /** What is reduced has one element. */
    private int single(NetworkOp.Reduce.Kind kind, int x) {
        return switch (kind) {
            case SUM, MEAN, MAX, MIN, PRODUCT, LOG_SUM_EXP -> x;
            case ABSOLUTE_SUM, SQUARE_SUM_ROOT -> absolute(x);
            case SQUARE_SUM -> square(x);
            case LOG_SUM -> site.apply(site.has("log"), x);
        };
    }

    private int square(int x) {
        return site.call("*", x, x);
    }

    private int absolute(int x) {
        return site.apply(site.has("abs"), x);
    }
}
