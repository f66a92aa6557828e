package dev.tern.importers.safetensors;

import static dev.tern.importers.safetensors.SafetensorsBytes.entry;
import static dev.tern.importers.safetensors.SafetensorsBytes.file;
import static dev.tern.importers.safetensors.SafetensorsBytes.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.importers.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is done to a file, opening it gives tensors or a diagnostic: {@link Opened#diagnose} throws otherwise. */
class CorruptSafetensorsTest {
    private static final byte[] GOOD = file(header("\"__metadata__\":{\"format\":\"pt\"}",
            entry("stem.conv.weight", "F32", "[2,3,1]", 0, 24), entry("codes", "I8", "[5]", 24, 29),
            entry("scale", "F16", "[]", 29, 31)), 31);

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("tern-corrupt");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("m.safetensors"));
        Files.delete(folder);
    }

    /** Replaces, inserts or removes a byte. */
    record Edit(int at, int kind, byte value) {
        byte[] apply(byte[] content) {
            if (content.length == 0) {
                return content;
            }
            int place = Math.floorMod(at, content.length);
            byte[] result = switch (kind) {
                case 0 -> content.clone();
                case 1 -> Arrays.copyOf(content, content.length + 1);
                default -> Arrays.copyOf(content, content.length - 1);
            };
            if (kind == 1) {
                System.arraycopy(content, place, result, place + 1, content.length - place);
            } else if (kind == 2) {
                System.arraycopy(content, place + 1, result, place, content.length - place - 1);
            }
            if (kind < 2) {
                result[place] = value;
            }
            return result;
        }
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        Arbitrary<Byte> values = Arbitraries.oneOf(Arbitraries.bytes(),
                Arbitraries.of('{', '}', '[', ']', '"', ',', ':', '9', '0', '-', 'e', '.', '\\').map(
                        c -> (byte) (char) c));
        return Combinators.combine(Arbitraries.integers().between(0, GOOD.length), Arbitraries.integers().between(0, 2),
                values).as(Edit::new).list().ofMinSize(1).ofMaxSize(6);
    }

    @Property(tries = 2000)
    void editedFilesGiveTensorsOrADiagnostic(@ForAll("edits") List<Edit> edits) throws IOException {
        byte[] content = GOOD;
        for (Edit edit : edits) {
            content = edit.apply(content);
        }
        String said = Opened.diagnose(folder, "m.safetensors", content);
        assertThat(said.isEmpty() || said.startsWith("error[T0502]: ")).as(said).isTrue();
    }

    @Property(tries = 300)
    void truncatedFilesGiveADiagnostic(@ForAll @IntRange(min = 0, max = 10_000) int length) throws IOException {
        byte[] content = Arrays.copyOf(GOOD, length % GOOD.length);
        assertThat(Opened.diagnose(folder, "m.safetensors", content)).startsWith("error[T0502]: ");
    }
}
