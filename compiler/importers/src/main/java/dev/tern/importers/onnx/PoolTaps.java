package dev.tern.importers.onnx;

import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Pools whose windows Tern's do not have, dilated or over three axes, as the greatest or the mean of their taps: what
 * lies at one place of each window is a slice.
 */
final class PoolTaps {
    private static final int MOST_TAPS = 128;
    /** Below everything that is pooled. */
    private static final float LOWEST = -0x1p127f;

    private final OnnxNode node;
    private final ForeignWindow window;
    private final ForeignValue x;
    private final List<Integer> places;

    private PoolTaps(OnnxNode node, ForeignWindow window, ForeignValue x, List<Integer> places) {
        this.node = node;
        this.window = window;
        this.x = x;
        this.places = places;
    }

    /** Empty where a pool of Tern's does it, or where there are too many taps. */
    static Optional<ForeignValue> of(OnnxNode node, NetworkOp.Pool pool, ForeignValue x) {
        ForeignWindow window = pool.window();
        int rank = window.rank();
        boolean plain = rank <= 2 && window.dilations().stream().allMatch(d -> d == 1);
        long taps = window.kernel().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        if (plain || x.rank() != rank + 2 || taps > MOST_TAPS || x.coding().isPresent()) {
            return Optional.empty();
        }
        List<Integer> places = new ArrayList<>();
        boolean inside = true;
        List<Integer> before = new ArrayList<>(List.of(0, 0));
        List<Integer> after = new ArrayList<>(List.of(0, 0));
        for (int axis = 0; axis < rank; axis++) {
            int count = window.places(axis, x.size(axis + 2), pool.ceil());
            int needed = (count - 1) * window.strides().get(axis) + window.reach(axis) - x.size(axis + 2)
                    - window.before().get(axis);
            inside &= needed <= (pool.countPadding() ? window.after().get(axis) : 0)
                    && (pool.countPadding() || window.before().get(axis) == 0);
            places.add(count);
            before.add(window.before().get(axis));
            after.add(Math.max(0, needed));
        }
        boolean max = pool.kind() == NetworkOp.Pool.Kind.MAX;
        if (!max && !inside) {
            // Each mean would be of another number of taps.
            return Optional.empty();
        }
        boolean padded = before.stream().anyMatch(p -> p > 0) || after.stream().anyMatch(p -> p > 0);
        ForeignValue whole = padded
                ? node.add(new NetworkOp.Pad(before, after, max ? LOWEST : 0), x)
                : x;
        ForeignValue joined = new PoolTaps(node, window, whole, places).joined(max
                ? Binary.Function.MAXIMUM
                : Binary.Function.ADD);
        return Optional.of(max
                ? joined
                : node.binary(Binary.Function.DIVIDE, joined, node.network().scalar(taps)));
    }

    private ForeignValue joined(Binary.Function function) {
        List<Integer> tap = new ArrayList<>(Collections.nCopies(window.rank(), 0));
        ForeignValue joined = slice(tap);
        while (next(tap)) {
            joined = node.binary(function, joined, slice(tap));
        }
        return joined;
    }

    /** The next tap in order, the last axis first. */
    private boolean next(List<Integer> tap) {
        for (int axis : Extents.range(tap.size()).reversed()) {
            if (tap.get(axis) + 1 < window.kernel().get(axis)) {
                tap.set(axis, tap.get(axis) + 1);
                return true;
            }
            tap.set(axis, 0);
        }
        return false;
    }

    /** What a tap sees in all windows. */
    private ForeignValue slice(List<Integer> tap) {
        ForeignValue seen = x;
        for (int axis = 0; axis < tap.size(); axis++) {
            seen = node.add(new NetworkOp.Slice(axis + 2, tap.get(axis) * window.dilations().get(axis),
                    places.get(axis), window.strides().get(axis)), seen);
        }
        return seen;
    }
}
