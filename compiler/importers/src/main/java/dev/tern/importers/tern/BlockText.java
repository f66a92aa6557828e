package dev.tern.importers.tern;

import dev.tern.importers.tern.Blocks.Block;
import dev.tern.importers.tern.Blocks.Window;
import dev.tern.importers.tern.Call.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** A block as text: its declaration, and how it is used. One of a single statement is written where it is used. */
final class BlockText {
    private static final String RESULT = "y";

    private final Program program;
    private final Statements statements;
    private final Block block;
    private final Window first;
    private final String name;
    private final List<String> arguments = new ArrayList<>();

    BlockText(Program program, Statements statements, Block block, Names names) {
        this.program = program;
        this.statements = statements;
        this.block = block;
        this.first = block.windows().getFirst();
        this.name = inPlace() ? "" : names.of(kind(), "Block");
        nameArguments();
    }

    private boolean inPlace() {
        return first.length() == 1;
    }

    private List<CallChain> statements(Window window) {
        return statements.list().subList(window.start(), window.end());
    }

    /** What the field calls such a block. */
    private String kind() {
        List<Call> calls = statements(first).stream().flatMap(s -> s.calls().stream()).map(program::get).toList();
        boolean joins = calls.stream().anyMatch(call -> call.op().equals("+"));
        boolean depthwise = calls.stream().anyMatch(call -> call.op().equals("depthwise"));
        boolean convolution = calls.stream().anyMatch(call -> call.op().startsWith("conv"));
        if (joins) {
            return depthwise ? "InvertedResidual" : "Residual";
        }
        return depthwise ? "Separable" : convolution ? "Stage" : "Layers";
    }

    /** The places at which uses differ get names; all that always have the same values share one. */
    private void nameArguments() {
        int channels = 0;
        int strides = 0;
        int place = 0;
        for (CallChain statement : statements(first)) {
            for (int call : statement.calls()) {
                for (String argument : Blocks.arguments(program.get(call))) {
                    if (Blocks.general(argument).isEmpty()) {
                        continue;
                    }
                    Optional<String> same = sameAs(place);
                    if (!block.varying().get(place)) {
                        arguments.add("");
                    } else if (same.isPresent()) {
                        arguments.add(same.get());
                    } else if (argument.startsWith("stride")) {
                        strides++;
                        arguments.add("stride" + (strides == 1 ? "" : strides));
                    } else {
                        channels++;
                        arguments.add("channels" + (channels == 1 ? "" : channels));
                    }
                    place++;
                }
            }
        }
    }

    /** The name of an earlier place with the same values in every use. */
    private Optional<String> sameAs(int place) {
        for (int i = 0; i < place; i++) {
            int other = i;
            boolean same = block.windows().stream()
                    .allMatch(window -> window.values().get(other).equals(window.values().get(place)));
            if (block.varying().get(i) && same) {
                return Optional.of(arguments.get(i));
            }
        }
        return Optional.empty();
    }

    /** The block before the model; empty for one that is written in place. */
    String declaration() {
        if (inPlace()) {
            return "";
        }
        StringBuilder text = new StringBuilder("block ").append(name).append("(x: ").append(type(first.x()));
        for (String argument : ownArguments()) {
            text.append(", ").append(argument).append(": int").append(argument.startsWith("stride") ? " = 1" : "");
        }
        List<CallChain> inner = statements(first);
        text.append(") -> (").append(RESULT).append(": ").append(type(inner.getLast().value())).append(") {\n");
        int[] place = {0};
        StatementText written = new StatementText(program, this::reference, call -> arguments(call, place));
        for (CallChain statement : inner) {
            text.append("    ").append(innerName(statement)).append(" = ").append(written.expression(statement))
                    .append('\n');
        }
        return text.append("}\n\n").toString();
    }

    /** The block's arguments: channels, which go by place, before strides, which have a usual value. */
    private List<String> ownArguments() {
        return arguments.stream().filter(a -> !a.isEmpty()).distinct()
                .sorted(Comparator.comparing((String a) -> a.startsWith("stride"))).toList();
    }

    /** f32 of any sizes. */
    private String type(int call) {
        return "f32[" + String.join(", ", Collections.nCopies(program.get(call).shape().size(), "_")) + "]";
    }

    private String reference(int call) {
        return call == first.x() ? "x" : innerName(statements.of(call).orElseThrow());
    }

    /** {@code a}, {@code b}, ... and the result. */
    private String innerName(CallChain statement) {
        int at = statements.list().indexOf(statement) - first.start();
        return at == first.length() - 1 ? RESULT : Character.toString('a' + at);
    }

    /** A call's arguments with the block's own in the place of what differs; asked for in order. */
    private List<String> arguments(int call, int[] place) {
        List<String> written = new ArrayList<>();
        for (String argument : Blocks.arguments(program.get(call))) {
            if (Blocks.general(argument).isEmpty()) {
                written.add(argument);
                continue;
            }
            String own = arguments.get(place[0]++);
            boolean stride = argument.startsWith("stride: ");
            if (!own.isEmpty()) {
                written.add(stride ? "stride: " + own : own);
            } else if (!argument.equals("stride: 1") || program.get(call).arguments().contains(argument)) {
                written.add(argument);
            }
        }
        return written;
    }

    /** The block as a function: {@code Separable(64, stride: 2)}. */
    String use(Window window) {
        if (inPlace()) {
            StatementText written = new StatementText(program, _ -> "x", call -> program.get(call).arguments());
            return written.expression(statements(first).getFirst()).substring("x |> ".length());
        }
        List<String> given = new ArrayList<>();
        for (String argument : ownArguments()) {
            String value = window.values().get(arguments.indexOf(argument));
            if (!argument.startsWith("stride")) {
                given.add(argument.equals("channels") ? value : argument + ": " + value);
            } else if (!value.equals("1")) {
                given.add(argument + ": " + value);
            }
        }
        return name + (given.isEmpty() ? "" : given.stream().collect(Collectors.joining(", ", "(", ")")));
    }

    /** The uses from a place on that follow one another unchanged. */
    List<Window> run(int start) {
        List<Window> run = new ArrayList<>();
        for (Window window : block.windows()) {
            boolean next = run.isEmpty()
                    ? window.start() == start
                    : Blocks.follows(program, statements, run.getLast(), window);
            if (next) {
                run.add(window);
            } else if (!run.isEmpty()) {
                break;
            }
        }
        return run;
    }

    /** The numbers of one use, by their paths below it. */
    void parameters(Window window, BiConsumer<String, Numbers> use) {
        List<CallChain> inner = statements(window);
        for (int i = 0; i < inner.size(); i++) {
            String scope = i == inner.size() - 1 ? "" : Character.toString('a' + i) + ".";
            StatementText.parameters(program, inner.get(i), (path, values) -> use.accept(scope + path, values));
        }
    }
}
