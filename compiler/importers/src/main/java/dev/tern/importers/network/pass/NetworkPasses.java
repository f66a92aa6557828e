package dev.tern.importers.network.pass;

import dev.tern.importers.network.ForeignNetwork;

/** The rewrites in their order. */
public final class NetworkPasses {
    private NetworkPasses() {
    }

    /** The network as it is written down. */
    public static ForeignNetwork run(ForeignNetwork network) {
        return DropUnread.run(SplitBatches.run(JoinGroups.run(FoldScales.run(MergePads.run(network)))));
    }
}
