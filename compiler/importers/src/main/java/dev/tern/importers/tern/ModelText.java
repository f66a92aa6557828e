package dev.tern.importers.tern;

import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.tern.Blocks.Block;
import dev.tern.importers.tern.Blocks.Window;
import dev.tern.importers.tern.Call.Numbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of a program: statements named after what they come from, with a comment that names their nodes, and blocks
 * for what occurs more than once.
 */
final class ModelText {
    private static final int LONGEST_COMMENT = 108;
    private static final String INDENT = "    ";

    private final Program program;
    private final Names names;
    private final Statements statements;
    private final Map<Integer, String> outputNames = new HashMap<>();
    private final Map<String, Numbers> parameters = new LinkedHashMap<>();
    private final StringBuilder declarations = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final StatementText plain;

    private ModelText(Program program, Names names) {
        this.program = program;
        this.names = names;
        this.statements = new Statements(program);
        this.plain = new StatementText(program, this::reference, call -> program.get(call).arguments());
    }

    /**
     * @param blocks the text of the blocks before the model
     * @param statements the text of the model's bindings
     * @param parameters its numbers by their paths
     */
    record Result(String blocks, String statements, Map<String, Numbers> parameters) {
    }

    /** @param apart without blocks */
    static Result of(Program program, Names names, boolean apart) {
        return new ModelText(program, names).run(apart);
    }

    private Result run(boolean apart) {
        program.outputs().forEach((name, call) -> outputNames.putIfAbsent(call, name));
        statements.list().forEach(this::name);
        Map<Integer, BlockText> blocks = new HashMap<>();
        for (Block block : apart ? List.<Block>of() : Blocks.of(program, statements)) {
            BlockText written = new BlockText(program, statements, block, names);
            declarations.append(written.declaration());
            block.windows().forEach(window -> blocks.put(window.start(), written));
        }
        int at = 0;
        while (at < statements.list().size()) {
            BlockText block = blocks.get(at);
            at = block == null ? write(at) : write(at, block);
        }
        program.outputs().forEach((name, call) -> {
            if (!name.equals(outputNames.get(call)) || program.get(call).op().equals("input")) {
                text.append(INDENT).append(name).append(" = ").append(reference(call)).append('\n');
            }
        });
        return new Result(declarations.toString(), text.toString(), parameters);
    }

    private void name(CallChain statement) {
        String output = outputNames.get(statement.value());
        if (output != null) {
            statement.name(output);
            return;
        }
        Call main = statement.calls().stream().map(program::get).filter(Call::weighted).findFirst()
                .orElse(program.get(statement.value()));
        statement.name(names.of(main.origin().map(ForeignOrigin::name).orElse(""), main.layer()));
    }

    private String reference(int call) {
        Call found = program.get(call);
        return found.op().equals("input")
                ? found.arguments().getFirst()
                : statements.of(call).orElseThrow().name();
    }

    /** @return the place after the statement */
    private int write(int at) {
        CallChain statement = statements.list().get(at);
        comment(Stream.of(statement));
        text.append(INDENT).append(statement.name()).append(" = ").append(plain.expression(statement)).append('\n');
        StatementText.parameters(program, statement,
                (path, values) -> parameters.put(statement.name() + "." + path, values));
        return at + 1;
    }

    /** @return the place after the uses of the block that follow one another */
    private int write(int at, BlockText block) {
        List<Window> run = block.run(at);
        List<CallChain> all = statements.list().subList(at, run.getLast().end());
        comment(all.stream());
        String name = all.getLast().name();
        String use = block.use(run.getFirst());
        text.append(INDENT).append(name).append(" = ").append(reference(run.getFirst().x())).append(" |> ")
                .append(run.size() == 1 ? use : "repeat(" + run.size() + ", " + use + ")").append('\n');
        for (int turn = 0; turn < run.size(); turn++) {
            String scope = run.size() == 1 ? name : name + "." + turn;
            block.parameters(run.get(turn), (path, values) -> parameters.put(scope + "." + path, values));
        }
        return run.getLast().end();
    }

    /** The nodes that statements come from. */
    private void comment(Stream<CallChain> all) {
        List<String> origins = all.flatMap(s -> s.calls().stream()).map(program::get).map(Call::origin)
                .flatMap(Optional::stream).map(ForeignOrigin::toString).distinct().map(ModelText::oneLine)
                .collect(Collectors.toCollection(ArrayList::new));
        StringBuilder comment = new StringBuilder();
        for (String origin : origins) {
            String more = (comment.isEmpty() ? "" : ", ") + origin;
            if (comment.length() + more.length() > LONGEST_COMMENT) {
                comment.append(comment.isEmpty() ? "" : ", ...");
                break;
            }
            comment.append(more);
        }
        if (!comment.isEmpty()) {
            text.append(INDENT).append("// ").append(comment).append('\n');
        }
    }

    /** Names of a file in a comment: nothing that ends the line. */
    static String oneLine(String text) {
        return text.codePoints().map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}
