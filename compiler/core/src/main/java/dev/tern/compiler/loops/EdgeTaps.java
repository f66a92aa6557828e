package dev.tern.compiler.loops;

import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Window;

/**
 * Which taps of a window at the border lie inside the input, found out once for each row and column of taps, in a
 * routine of {@code top} and {@code left}. With it straight code reads a window that a loop would have to test tap by
 * tap.
 */
final class EdgeTaps {
    private final Window window;
    private final Local[] rows;
    private final Local[] columns;

    EdgeTaps(RoutineScope scope, Window window) {
        Geometry g = window.geometry();
        this.window = window;
        rows = inside(scope, "row", scope.get("top"), g.kernelHeight(), g.dilationHeight(), window.inputHeight());
        columns = inside(scope, "column", scope.get("left"), g.kernelWidth(), g.dilationWidth(), window.inputWidth());
    }

    /** For each coordinate 1 where it is inside, else 0. */
    private static Local[] inside(RoutineScope scope, String name, Value first, int count, int dilation, int size) {
        Local[] flags = new Local[count];
        for (int i = 0; i < count; i++) {
            Value coordinate = first.plus(i * dilation);
            Value within = coordinate.atLeast(Value.of(0)).andAlso(coordinate.lessThan(Value.of(size)));
            flags[i] = scope.body().declare(name + i, within.choose(Value.of(1), Value.of(0)));
        }
        return flags;
    }

    /** One value where the tap lies inside, another where it lies in the padding and must not be read. */
    Value choose(int tap, Value inside, Value padding) {
        int width = window.geometry().kernelWidth();
        return rows[tap / width].and(columns[tap % width]).is(Relation.NOT_EQUAL, Value.of(0)).choose(inside, padding);
    }

    /** How many input rows a tap lies past the first. */
    static int distance(Window window, int tap) {
        Geometry g = window.geometry();
        return tap / g.kernelWidth() * g.dilationHeight() * window.inputWidth()
                + tap % g.kernelWidth() * g.dilationWidth();
    }
}
