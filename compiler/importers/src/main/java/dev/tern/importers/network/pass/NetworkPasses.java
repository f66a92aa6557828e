package dev.tern.importers.network.pass;

import dev.tern.importers.network.Network;

/** The rewrites in their order. */
public final class NetworkPasses {
    private NetworkPasses() {
    }

    /** The network as it is written down. */
    public static Network run(Network network) {
        return DropUnread.run(SplitBatches.run(FoldScales.run(MergePads.run(network))));
    }
}
