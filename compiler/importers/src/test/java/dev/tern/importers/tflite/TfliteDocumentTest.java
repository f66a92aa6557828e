package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document lists the operators that there are. */
class TfliteDocumentTest {
    private static final Pattern NAME = Pattern.compile("\\b([A-Z][A-Z0-9_]{2,})\\b");

    @Test
    void allOperatorsAreListed() throws IOException {
        String text = Files.readString(Path.of(System.getProperty("tern.root"), "compiler/importers/TFLITE.md"));
        String table = text.substring(text.indexOf("## Operators"), text.indexOf("Fused activations"));
        Set<String> listed = new TreeSet<>();
        for (Matcher found = NAME.matcher(table); found.find();) {
            listed.add(found.group(1));
        }
        assertThat(listed).containsExactlyElementsOf(new TreeSet<>(TfliteOperatorTable.names()));
    }
}
