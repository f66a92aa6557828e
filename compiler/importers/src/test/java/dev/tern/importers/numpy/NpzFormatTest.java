package dev.tern.importers.numpy;

import static dev.tern.importers.numpy.NpyBytes.dictionary;
import static dev.tern.importers.numpy.NpyBytes.floats;
import static dev.tern.importers.numpy.NpyBytes.npy;
import static dev.tern.importers.numpy.NpyBytes.npz;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.importers.Opened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFormatTest {
    @TempDir
    private Path folder;

    private static Map<String, byte[]> members() {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("stem.conv.weight.npy", npy(dictionary("<f4", false, "(2, 2)"), floats(1, 2, 3, 4)));
        members.put("turned.npy", npy(2, dictionary("<f4", true, "(2, 3)"), floats(1, 4, 2, 5, 3, 6)));
        members.put("codes.npy", npy(dictionary("|i1", true, "(2, 2)"), new byte[]{-1, 1, 0, 2}));
        members.put("steps.npy", npy(dictionary("<i8", false, "(1,)"), new byte[]{9, 0, 0, 0, 0, 0, 0, 0}));
        members.put("objects.npy", npy(dictionary("|O", false, "(1,)"), new byte[3]));
        return members;
    }

    private String diagnose(byte[] content) throws IOException {
        return Opened.diagnose(folder, "m.npz", content);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsStoredAndDeflatedMembers(boolean compressed) throws IOException {
        try (TensorSource source = Opened.open(Files.write(folder.resolve("m.npz"), npz(compressed, members())))) {
            List<TensorEntry> entries = source.entries();
            assertThat(entries).extracting(TensorEntry::name).containsExactly("stem.conv.weight", "turned", "codes",
                    "steps", "objects");
            assertThat(entries).extracting(TensorEntry::type).containsExactly(DataType.F32, DataType.F32, DataType.I8,
                    DataType.OTHER, DataType.OTHER);
            assertThat(source.floats(entries.get(0))).containsExactly(1, 2, 3, 4);
            assertThat(source.floats(entries.get(1))).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(source.bytes(entries.get(2))).containsExactly(-1, 0, 1, 2);
            assertThat(entries.get(3).describe()).isEqualTo("int64[1]");
            assertThatThrownBy(() -> source.bytes(entries.get(0))).isInstanceOf(IllegalArgumentException.class);
            assertThat(source.floats(entries.get(3))).containsExactly(9);
            assertThatThrownBy(() -> source.floats(entries.get(4))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertThat(diagnose(new byte[0])).startsWith("error[T0502]: this is no intact .npz archive\n --> m.npz");
        assertThat(diagnose(npz(false, Map.of("readme.txt", new byte[3])))).isEqualTo("""
                error[T0502]: member readme.txt is no .npy file
                 --> m.npz, member readme.txt
                """);
        assertThat(diagnose(npz(true, Map.of("w.npy", new byte[3])))).isEqualTo("""
                error[T0502]: this is no .npy file
                 --> m.npz, tensor w: it does not begin with \\x93NUMPY and a version
                """);
        assertThat(diagnose(npz(true, Map.of("w.npy", npy(dictionary("<f4", false, "(3,)"), floats(1, 2))))))
                .isEqualTo("""
                        error[T0502]: the array does not fit its member
                         --> m.npz, tensor w: float32[3] takes 12 bytes, 8 follow
                        """);
        byte[] twice = npz(false, Map.of("a.npy", members().get("codes.npy"), "b.npy", members().get("codes.npy")));
        assertThat(diagnose(replace(twice, "b.npy", "a.npy"))).isEqualTo("""
                error[T0502]: member a.npy occurs twice
                 --> m.npz, member a.npy
                """);
        byte[] flipped = npz(false, Map.of("a.npy", npy(dictionary("|u1", false, "(4,)"), "data".getBytes())));
        assertThat(diagnose(replace(flipped, "data", "dato"))).isEqualTo("""
                error[T0502]: the member's checksum is wrong
                 --> m.npz, tensor a
                  = help: the archive is damaged
                """);
    }

    private static byte[] replace(byte[] content, String from, String to) {
        return new String(content, StandardCharsets.ISO_8859_1).replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void refusesAnArchiveThatUnpacksToFarMoreThanItIsLong() throws IOException {
        Path bomb = folder.resolve("m.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.setLevel(1);
            zip.putNextEntry(new ZipEntry("w.npy"));
            zip.write(npy(dictionary("|u1", false, "(335544320,)"), new byte[0]));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 320; i++) {
                zip.write(zeros);
            }
        }
        assertThat(Opened.diagnose(bomb)).isEqualTo("""
                error[T0502]: the archive unpacks to more than 268435456 bytes
                 --> m.npz, tensor w: reached in this member
                  = help: store large parameters as safetensors
                """);
    }

    @Test
    void readsOrRefusesRandomlyAlteredFiles() throws IOException {
        Random random = new Random(5);
        for (boolean compressed : new boolean[]{false, true}) {
            byte[] good = npz(compressed, members());
            for (int round = 0; round < 500; round++) {
                byte[] altered = Arrays.copyOf(good,
                        random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
                for (int n = random.nextInt(5); n > 0 && altered.length > 0; n--) {
                    altered[random.nextInt(altered.length)] = (byte) random.nextInt();
                }
                String said = diagnose(altered);
                assertThat(said.isEmpty() || said.startsWith("error[T0502]: ")).as(said).isTrue();
            }
        }
    }
}
