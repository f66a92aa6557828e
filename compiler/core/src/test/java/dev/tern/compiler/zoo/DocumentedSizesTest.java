package dev.tern.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Sizes that the models' page states are today's. */
class DocumentedSizesTest {
    private static final HostTarget PLAIN = HostTarget.portable("a test");
    @Test
    void ofNetworksUnderABudget() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("tern.root"), "models", "README.md")).replaceAll(
                "\\s+", " ");
        assertThat(page).contains(String.format(Locale.ROOT,
                "IC then takes %s KiB in the 1-bit form (%s without the budget) and %s in the other (%s), as plain",
                kibibytes("ic-1bit", 64 << 10), kibibytes("ic-1bit", 0), kibibytes("ic-ternary4", 64 << 10),
                kibibytes("ic-ternary4", 0)));
    }

    private static String kibibytes(String name, long budget) {
        AnalyzedModel model = Zoo.analyzed(name, Zoo.text(name));
        Graph bound = Zoo.bound(model).withBudget(new Graph.Budget(0, budget));
        return String.format(Locale.ROOT, "%.1f",
                Compilation.of(bound, model.layers(), PLAIN).footprint().memory() / 1024.0);
    }
}
