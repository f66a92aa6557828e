package dev.tern.importers.tern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what a model is made of more than once: neighbouring statements that read one value and give one, alike but for
 * their numbers of channels and strides.
 */
final class Blocks {
    private static final int LONGEST = 8;
    private static final int MOST_STATEMENTS = 4000;
    /** More arguments are no help to a reader. */
    private static final int MOST_ARGUMENTS = 4;
    private static final Pattern STRIDE = Pattern.compile("stride: ([0-9]+)");
    private static final Pattern WHOLE = Pattern.compile("[0-9]+");

    private final Program program;
    private final Statements statements;
    private final List<CallChain> list;
    private final Map<CallChain, Integer> places = new HashMap<>();
    private final boolean[] taken;

    /**
     * Statements that occur elsewhere as well.
     *
     * @param start the first
     * @param length how many
     * @param x what they read
     * @param values what is written at the places where occurrences may differ
     */
    record Window(int start, int length, int x, List<String> values) {
        int end() {
            return start + length;
        }
    }

    /**
     * One kind of window.
     *
     * @param varying which of the values differ from window to window
     */
    record Block(List<Window> windows, List<Boolean> varying) {
    }

    private record Candidate(String key, Window window) {
    }

    private Blocks(Program program, Statements statements) {
        this.program = program;
        this.statements = statements;
        this.list = statements.list();
        this.taken = new boolean[list.size()];
        for (int i = 0; i < list.size(); i++) {
            places.put(list.get(i), i);
        }
    }

    static List<Block> of(Program program, Statements statements) {
        return new Blocks(program, statements).find();
    }

    private List<Block> find() {
        List<Block> blocks = new ArrayList<>();
        if (list.size() > MOST_STATEMENTS) {
            return blocks;
        }
        Optional<Block> best = best();
        while (best.isPresent()) {
            blocks.add(best.get());
            best.get().windows().forEach(window -> {
                for (int i = window.start(); i < window.end(); i++) {
                    taken[i] = true;
                }
            });
            best = best();
        }
        return blocks;
    }

    /** The block that saves the most statements. */
    private Optional<Block> best() {
        Map<String, List<Window>> byKey = new LinkedHashMap<>();
        for (int length = 1; length <= LONGEST; length++) {
            for (int start = 0; start + length <= list.size(); start++) {
                candidate(start, length).ifPresent(found -> {
                    List<Window> windows = byKey.computeIfAbsent(found.key(), _ -> new ArrayList<>());
                    if (windows.isEmpty() || windows.getLast().end() <= found.window().start()) {
                        windows.add(found.window());
                    }
                });
            }
        }
        return byKey.values().stream().map(this::block).flatMap(Optional::stream)
                .max(Comparator.comparingInt((Block block) -> saved(block))
                        .thenComparing(block -> -block.windows().getFirst().length()));
    }

    private static int saved(Block block) {
        return (block.windows().size() - 1) * block.windows().getFirst().length();
    }

    private Optional<Block> block(List<Window> all) {
        // A single statement is worth a block only where it follows itself unchanged.
        List<Window> windows = all.getFirst().length() > 1 ? all : longestRun(all);
        if (windows.size() < 2) {
            return Optional.empty();
        }
        List<Boolean> varying = new ArrayList<>();
        for (int i = 0; i < windows.getFirst().values().size(); i++) {
            int place = i;
            varying.add(windows.stream().map(window -> window.values().get(place)).distinct().count() > 1);
        }
        return varying.stream().filter(v -> v).count() > MOST_ARGUMENTS
                ? Optional.empty()
                : Optional.of(new Block(windows, varying));
    }

    private List<Window> longestRun(List<Window> windows) {
        List<Window> longest = List.of();
        List<Window> run = new ArrayList<>();
        for (Window window : windows) {
            if (!run.isEmpty() && !follows(run.getLast(), window)) {
                run = new ArrayList<>();
            }
            run.add(window);
            longest = run.size() > longest.size() ? List.copyOf(run) : longest;
        }
        return longest;
    }

    /** Whether a window reads what the one before it gives, nobody else does, and both are alike. */
    boolean follows(Window before, Window next) {
        int value = list.get(before.end() - 1).value();
        return next.start() == before.end() && next.x() == value && next.values().equals(before.values())
                && !statements.output(value) && readers(value).stream().allMatch(r -> within(r, next));
    }

    static boolean follows(Program program, Statements statements, Window before, Window next) {
        return new Blocks(program, statements).follows(before, next);
    }

    private static boolean within(int place, Window window) {
        return place >= window.start() && place < window.end();
    }

    /** The places of the statements that read a value. */
    private List<Integer> readers(int value) {
        List<Integer> readers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            for (int call : list.get(i).calls()) {
                if (statements.operands(call).contains(value)) {
                    readers.add(i);
                }
            }
        }
        return readers;
    }

    private Optional<Candidate> candidate(int start, int length) {
        Window range = new Window(start, length, -1, List.of());
        int x = -1;
        boolean weighted = false;
        StringBuilder key = new StringBuilder();
        List<String> values = new ArrayList<>();
        for (int i = start; i < start + length; i++) {
            CallChain statement = list.get(i);
            if (taken[i] || i < start + length - 1 && leaves(statement, range)) {
                return Optional.empty();
            }
            key.append('\n');
            for (int call : statement.calls()) {
                if (program.get(call).arguments().stream().anyMatch(argument -> argument.contains("step: "))) {
                    // A block does not know the model's inputs.
                    return Optional.empty();
                }
                weighted |= program.get(call).weighted();
                key.append('|').append(program.get(call).op());
                for (Call.Operand operand : program.get(call).operands()) {
                    switch (operand) {
                        case Call.Operand.Literal(String text) -> key.append(' ').append(text);
                        case Call.Operand.Result(int result) -> {
                            int place = statements.of(result).map(places::get).orElse(-1);
                            if (place >= start && place < start + length) {
                                key.append(" v").append(place - start);
                            } else if (x >= 0 && x != result || !real(result)) {
                                return Optional.empty();
                            } else {
                                x = result;
                                key.append(" x");
                            }
                        }
                    }
                }
                for (String argument : arguments(program.get(call))) {
                    key.append(" (").append(general(argument).isEmpty() ? argument : "#");
                    general(argument).ifPresent(values::add);
                }
            }
        }
        if (x < 0 || !weighted) {
            return Optional.empty();
        }
        key.append('\n').append(program.get(x).shape().size()).append(' ')
                .append(program.get(list.get(start + length - 1).value()).shape().size());
        return Optional.of(new Candidate(key.toString(), new Window(start, length, x, values)));
    }

    /** Codes of an input have no place in a block, which reads f32. */
    private boolean real(int call) {
        Call found = program.get(call);
        boolean moves = switch (found.op()) {
            case "reshape", "flatten", "transpose", "slice", "concat", "pad", "upsample" -> true;
            default -> false;
        };
        if (moves) {
            return found.operands().stream().allMatch(operand -> !(operand instanceof Call.Operand.Result(int from))
                    || real(from));
        }
        return !found.op().equals("input") || found.arguments().get(1).equals("f32");
    }

    /** Whether something outside reads a statement's value. */
    private boolean leaves(CallChain statement, Window range) {
        return statements.output(statement.value())
                || readers(statement.value()).stream().anyMatch(reader -> !within(reader, range));
    }

    /** The arguments with the usual stride written out, where others may differ. */
    static List<String> arguments(Call call) {
        List<String> arguments = new ArrayList<>(call.arguments());
        boolean strided = switch (call.op()) {
            case "conv", "conv1d", "depthwise" -> true;
            default -> false;
        };
        if (strided && arguments.stream().noneMatch(a -> a.startsWith("stride: "))) {
            int after = call.op().equals("depthwise") ? 1 : 2;
            arguments.add(after, "stride: 1");
        }
        return arguments;
    }

    /** What may differ between the uses of a block: whole numbers by place, and strides. */
    static Optional<String> general(String argument) {
        Matcher stride = STRIDE.matcher(argument);
        return stride.matches()
                ? Optional.of(stride.group(1))
                : WHOLE.matcher(argument).matches() ? Optional.of(argument) : Optional.empty();
    }
}
