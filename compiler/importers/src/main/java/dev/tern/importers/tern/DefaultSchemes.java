package dev.tern.importers.tern;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Schemes that most layers share are said once for the model; layers without one say so then. */
final class DefaultSchemes {
    /** So many words fewer make the line worth reading. */
    private static final int LEAST_SAVED = 2;
    private static final List<String> KINDS = List.of("weights: ", "activations: ");

    private DefaultSchemes() {
    }

    /**
     * Takes what is shared out of the layers' arguments.
     *
     * @return {@code default weights: binary, activations: sign}, or empty where each layer keeps its own
     */
    static Optional<String> of(Program program) {
        List<String> shared = new ArrayList<>();
        for (String kind : KINDS) {
            common(program, kind).ifPresent(scheme -> {
                shared.add(scheme);
                rewrite(program, kind, scheme);
            });
        }
        return shared.isEmpty() ? Optional.empty() : Optional.of("default " + String.join(", ", shared));
    }

    private static Optional<String> scheme(Call layer, String kind) {
        return layer.arguments().stream().filter(argument -> argument.startsWith(kind)).findFirst();
    }

    /** The argument that the most layers have, if leaving it out saves more than the others cost. */
    private static Optional<String> common(Program program, String kind) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        int without = 0;
        for (Call call : program.calls()) {
            if (call.weighted()) {
                Optional<String> scheme = scheme(call, kind);
                scheme.ifPresent(text -> counts.merge(text, 1, Integer::sum));
                without += scheme.isEmpty() ? 1 : 0;
            }
        }
        int cost = without;
        return counts.entrySet().stream().filter(entry -> entry.getValue() - cost > LEAST_SAVED)
                .max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /** Whether a layer would take the codes of a quantizer as they are, did it name no scheme. */
    private static boolean readsCodes(Program program, int layer) {
        int at = layer;
        while (program.get(at).operands().size() == 1
                && program.get(at).operands().getFirst() instanceof Call.Operand.Result(int from)) {
            at = from;
            if (program.get(at).op().equals("quantize")) {
                return true;
            }
            if (!program.get(at).op().matches("reshape|flatten|transpose|slice|maxpool|upsample|pad")) {
                return false;
            }
        }
        return false;
    }

    private static void rewrite(Program program, String kind, String shared) {
        for (int i = 0; i < program.calls().size(); i++) {
            Call call = program.get(i);
            if (call.weighted()) {
                List<String> arguments = new ArrayList<>(call.arguments());
                if (scheme(call, kind).isEmpty()) {
                    arguments.add(kind + "float");
                } else if (!readsCodes(program, i) || kind.equals(KINDS.getFirst())) {
                    arguments.remove(shared);
                }
                program.replace(i, new Call(call.op(), call.operands(), arguments, call.parameters(), call.shape(),
                        call.origin()));
            } else if (call.op().equals("matmul") && kind.equals(KINDS.getLast()) && scheme(call, kind).isEmpty()) {
                // It takes codes as they are, and would quantize reals.
                List<String> arguments = new ArrayList<>(call.arguments());
                arguments.add(kind + "float");
                program.replace(i, new Call(call.op(), call.operands(), arguments, call.parameters(), call.shape(),
                        call.origin()));
            }
        }
    }
}
