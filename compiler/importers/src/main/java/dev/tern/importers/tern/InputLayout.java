package dev.tern.importers.tern;

import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Layout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which order of axes an input gets: that of the first op that cares. */
final class InputLayout {
    private InputLayout() {
    }

    static List<Integer> axes(ForeignNetwork network, ForeignValue input) {
        List<Integer> usual = Arrangement.usual(input.shape());
        if (input.rank() < 3 || input.size(0) != 1) {
            return usual;
        }
        Optional<Layout> layout = layout(network, input);
        boolean greyPicture = layout.isEmpty() && input.rank() == 4 && input.size(1) == 1;
        return layout.filter(l -> l == Layout.CHANNELS_FIRST).isPresent() || greyPicture
                ? ProductPlacement.channelsLast(Layout.CHANNELS_FIRST, input.rank() - 2)
                : usual;
    }

    /** What the ops that read the input, behind functions of elements, say. */
    private static Optional<Layout> layout(ForeignNetwork network, ForeignValue input) {
        Deque<Integer> open = new ArrayDeque<>(List.of(input.id()));
        Set<Integer> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            int id = open.remove();
            for (ForeignNode node : network.nodes()) {
                if (node.inputs().stream().noneMatch(v -> v.id() == id)) {
                    continue;
                }
                switch (node.op()) {
                    case NetworkOp.Conv conv -> {
                        return Optional.of(conv.layout());
                    }
                    case NetworkOp.ConvTranspose conv -> {
                        return Optional.of(conv.layout());
                    }
                    case NetworkOp.Pool pool -> {
                        return Optional.of(pool.layout());
                    }
                    case NetworkOp.Upsample upsample -> {
                        return Optional.of(upsample.layout());
                    }
                    case NetworkOp.BatchNorm norm when norm.axis() == 1 && input.rank() > 2 -> {
                        return Optional.of(Layout.CHANNELS_FIRST);
                    }
                    default -> {
                        if (anyOrder(node.op()) && seen.add(node.output().id())) {
                            open.add(node.output().id());
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Functions of elements, behind which the question stays open. */
    private static boolean anyOrder(NetworkOp op) {
        return switch (op) {
            case NetworkOp.Unary _,NetworkOp.Binary _,NetworkOp.PRelu _,NetworkOp.Cast _,NetworkOp.Pad _ -> true;
            case NetworkOp.Quantizer _ -> true;
            default -> false;
        };
    }
}
