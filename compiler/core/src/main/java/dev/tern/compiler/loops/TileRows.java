package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.kernel.schedule.TileSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Passes of tiles over the rows of a block: part of a line, or some whole ones. */
record TileRows(ProgramScope owner, PixelKernel kernel, TileProduct product) {
    /** Tiles that are alike and need no loop. */
    private static final int MOST_ONE_BY_ONE = 4;

    /**
     * Tiles that are alike, in lines that are.
     *
     * @param first row of the first one
     * @param distances from the first row's window to that of each of its rows
     * @param times how many there are in a line, and {@code rows} from one to the next
     * @param lineTimes how many such lines, and {@code lineRows} from one to the next
     */
    private record Run(int first, List<Integer> distances, int times, int rows, int lineTimes, int lineRows) {
        private Run andAnother() {
            return new Run(first, distances, times + 1, rows, lineTimes, lineRows);
        }

        /** One of its tiles. */
        private Run only(int line, int number) {
            return new Run(first + line * lineRows + number * rows, distances, 1, rows, 1, lineRows);
        }
    }

    /** From a value of a row's window to the same of its neighbour's. */
    int rowDistance() {
        return product.window().geometry().strideWidth() * product.pixelElements();
    }

    private int lineDistance() {
        return product.window().geometry().strideHeight() * product.image().paddedWidth() * product.pixelElements();
    }

    /**
     * A routine of {@code start}, {@code weights}, {@code accumulator} and whatever else a tile's takes: all rows.
     *
     * @param rows a part of a line, or whole ones
     * @param vectors of a tile
     * @param tile the routine of a tile whose rows have such distances from the first
     */
    Callee over(String name, int rows, int vectors, Function<List<Integer>, Callee> tile, String... parameters) {
        List<Run> runs = runs(rows, vectors);
        if (runs.size() == 1 && runs.getFirst().times == 1 && runs.getFirst().lineTimes == 1) {
            return tile.apply(runs.getFirst().distances);
        }
        CallSequence calls = new CallSequence(owner, kernel, name + "_", parameters);
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            Callee of = tile.apply(run.distances);
            if (run.times * run.lineTimes <= MOST_ONE_BY_ONE) {
                for (int j = 0; j < run.times * run.lineTimes; j++) {
                    Run one = run.only(j / run.times, j % run.times);
                    calls.add(caller -> call(caller, of, one, Value.of(0), Value.of(0), parameters));
                }
            } else {
                // A routine that goes on after a loop is compiled before what follows has been seen to run.
                RoutineScope loops = owner.routine(kernel, name + "_run" + i, parameters);
                loop(loops.body(), "line", run.lineTimes, (block, line) -> loop(block, "tile", run.times,
                        (inner, number) -> inner.call(call(loops, of, run, line, number, parameters))));
                Callee all = loops.end();
                calls.add(caller -> caller.call(all, IntStream.range(0, parameters.length).mapToObj(k -> caller.get(
                        parameters[k])).toArray(Value[]::new)));
            }
        }
        RoutineScope scope = owner.routine(kernel, name, parameters);
        calls.addTo(scope, scope.body());
        return scope.end();
    }

    private interface Body {
        void accept(Block block, Value number);
    }

    private static void loop(Block block, String name, int times, Body body) {
        if (times == 1) {
            body.accept(block, Value.of(0));
        } else {
            block.loop(name, 0, times, body::accept);
        }
    }

    private Value.Call call(RoutineScope scope, Callee tile, Run run, Value line, Value number, String... parameters) {
        Value[] arguments = new Value[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            Value all = scope.get(parameters[i]);
            arguments[i] = switch (parameters[i]) {
                case "start" -> plus(plus(all.plus(distance(run.first)), line, distance(run.lineRows)), number, run.rows
                        * rowDistance());
                case "accumulator" -> plus(plus(all.plus(run.first * Producer.COLUMN), line, run.lineRows
                        * Producer.COLUMN), number, run.rows * Producer.COLUMN);
                default -> all;
            };
        }
        return scope.call(tile, arguments);
    }

    private static Value plus(Value first, Value number, int distance) {
        return number.equals(Value.of(0)) ? first : first.plus(number.times(distance));
    }

    private int width(int rows) {
        Window window = product.window();
        return window.inLines() && rows % window.outputWidth() == 0 ? window.outputWidth() : rows;
    }

    /** From the first row's window to that of a row of the block. */
    private int distance(int row) {
        int width = product.window().inLines() ? product.window().outputWidth() : Integer.MAX_VALUE;
        return row / width * lineDistance() + row % width * rowDistance();
    }

    private List<Run> runs(int rows, int vectors) {
        int width = width(rows);
        int lines = rows / width;
        TileSplit split = split(width, lines, vectors);
        int groups = lines / split.lines();
        List<Run> runs = new ArrayList<>(runs(split, 0, groups, split.lines() * width));
        int left = lines % split.lines();
        if (left > 0) {
            runs.addAll(runs(split(width, 1, vectors), groups * split.lines() * width, left, width));
        }
        return runs;
    }

    /** A panel's last vectors may be fewer: in 16 bits they have tiles of more rows, as many as registers hold. */
    private TileSplit split(int width, int lines, int vectors) {
        Tiles tiles = (Tiles) kernel.schedule();
        int more = tiles.lane() == Lane.F32
                ? 0
                : Math.min(tiles.rows() * tiles.vectors() / vectors, TileSteps.mostRows(product.lanes(), vectors));
        return TileSplit.of(width, lines, Math.max(tiles.rows(), more), tiles.least());
    }

    private List<Run> runs(TileSplit split, int from, int times, int rows) {
        List<Run> runs = new ArrayList<>();
        int first = from;
        for (int count : split.rows()) {
            int start = first;
            List<Integer> distances = IntStream.range(start, start + count).mapToObj(row -> distance(row) - distance(
                    start)).toList();
            Run last = runs.isEmpty() ? null : runs.getLast();
            if (split.lines() == 1 && last != null && last.distances.equals(distances)) {
                runs.set(runs.size() - 1, last.andAnother());
            } else {
                runs.add(new Run(start, distances, 1, count, times, rows));
            }
            first += count;
        }
        return runs;
    }
}
