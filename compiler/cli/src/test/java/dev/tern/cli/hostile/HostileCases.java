package dev.tern.cli.hostile;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All hostile commands. */
public final class HostileCases {
    private HostileCases() {
    }

    /** Makes the files of all cases below a folder. */
    public static List<HostileCase> in(Path root) {
        return Stream.of(HostileTexts.in(root), HostileParameters.in(root), HostileData.in(root)).flatMap(List::stream)
                .toList();
    }
}
