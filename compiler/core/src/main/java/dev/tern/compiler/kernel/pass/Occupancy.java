package dev.tern.compiler.kernel.pass;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which addresses of a space are taken when: a tree over time whose nodes hold the ranges taken within their time, with
 * ranges that touch joined, so that finding a place takes few steps however many buffers have theirs.
 */
final class Occupancy {
    private final int alignment;
    private final int times;
    /** By node: what is taken during all of its time, by whatever is not entered at a node above. */
    private final Ranges[] throughout;
    /**
     * By node: what is taken at any moment of its time, by whatever is not entered at a node above; null where nothing
     * is.
     */
    private final Ranges[] ever;

    /**
     * @param times moments there are
     * @param alignment places begin at multiples of it
     */
    Occupancy(int times, int alignment) {
        this.alignment = alignment;
        this.times = Math.max(1, Integer.highestOneBit(Math.max(1, times - 1)) * 2);
        throughout = new Ranges[2 * this.times];
        ever = new Ranges[2 * this.times];
    }

    /**
     * Takes the smallest gap that is long enough at every moment from the first to the last, the lowest of equal ones;
     * else the end of what is taken then. Returns where it begins.
     */
    int take(int first, int last, int length) {
        Ranges taken = new Ranges();
        collect(1, 0, times - 1, first, last, taken);
        int offset = taken.gap(length);
        enter(1, 0, times - 1, first, last, offset, (offset + length + alignment - 1) / alignment * alignment);
        return offset;
    }

    private void collect(int node, int from, int to, int first, int last, Ranges taken) {
        // Where nothing was ever taken, nothing is below.
        if (last < from || to < first || ever[node] == null) {
            return;
        }
        if (first <= from && to <= last) {
            ever[node].addTo(taken);
            return;
        }
        if (throughout[node] != null) {
            throughout[node].addTo(taken);
        }
        int middle = (from + to) / 2;
        collect(2 * node, from, middle, first, last, taken);
        collect(2 * node + 1, middle + 1, to, first, last, taken);
    }

    private void enter(int node, int from, int to, int first, int last, int offset, int end) {
        if (last < from || to < first) {
            return;
        }
        take(ever, node, offset, end);
        if (first <= from && to <= last) {
            take(throughout, node, offset, end);
            return;
        }
        int middle = (from + to) / 2;
        enter(2 * node, from, middle, first, last, offset, end);
        enter(2 * node + 1, middle + 1, to, first, last, offset, end);
    }

    private static void take(Ranges[] nodes, int node, int offset, int end) {
        if (nodes[node] == null) {
            nodes[node] = new Ranges();
        }
        nodes[node].add(offset, end);
    }

    /** Ranges of addresses that do not touch: from where each begins to where it ends. */
    private static final class Ranges {
        private final NavigableMap<Integer, Integer> ends = new TreeMap<>();

        void add(int from, int to) {
            int begin = from;
            int end = to;
            Map.Entry<Integer, Integer> near = ends.floorEntry(end);
            while (near != null && near.getValue() >= begin) {
                begin = Math.min(begin, near.getKey());
                end = Math.max(end, near.getValue());
                ends.remove(near.getKey());
                near = ends.floorEntry(end);
            }
            ends.put(begin, end);
        }

        void addTo(Ranges others) {
            ends.forEach(others::add);
        }

        int gap(int length) {
            int best = -1;
            int bestGap = Integer.MAX_VALUE;
            int free = 0;
            for (Map.Entry<Integer, Integer> range : ends.entrySet()) {
                int gap = range.getKey() - free;
                if (gap >= length && gap < bestGap) {
                    best = free;
                    bestGap = gap;
                }
                free = range.getValue();
            }
            return best >= 0 ? best : free;
        }
    }
}
