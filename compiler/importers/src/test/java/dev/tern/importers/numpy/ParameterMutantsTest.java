package dev.tern.importers.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.importers.Opened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parameter files and arrays changed a little are read or refused with a diagnostic, soon, and within the 512 MB that
 * these tests run with. With {@code -Dfuzz.seconds=600} for as long, from another beginning each time.
 */
class ParameterMutantsTest {
    /** Longer where a long run has to share the machine. */
    private static final Duration SOON = Duration.ofSeconds(Long.getLong("fuzz.seconds", 0) == 0 ? 20 : 120);
    private static final int MUTANTS = 3000;
    private static final List<String> WORDS = List.of("18446744073709551615", "-1", "4294967296", "[[[[[[", "{}",
            "null", "\"F32\"", "\"I64\"", "\"BF16\"", "\"U8\"", "\"F8_E4M3\"", "[0,0]",
            "[2147483647,2147483647]", "1e999", "\\u0000", "'<f8'", "'|b1'", "'<U7'", "True", "(3,)", "()",
            "9223372036854775807");

    @TempDir
    private Path folder;

    /** A file by its name. */
    private record Sound(String name, byte[] content) {
    }

    private static byte[] safetensors() {
        byte[] header = ("{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"a.bias\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[24,28]},"
                + "\"q.weight\":{\"dtype\":\"U8\",\"shape\":[2,3],\"data_offsets\":[28,34]},"
                + "\"q.weight_scale\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[34,36]}}")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 36).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length)
                .put(header).put(new byte[36]).array();
    }

    private List<Sound> corpus() throws IOException {
        Files.write(folder.resolve("part.safetensors"), safetensors());
        byte[] index = """
                {"metadata": {"total_size": 36}, "weight_map": {"a.weight": "part.safetensors",
                "a.bias": "part.safetensors"}}""".getBytes(StandardCharsets.UTF_8);
        byte[] array = NpyBytes.npy(NpyBytes.dictionary("<f4", false, "(2, 3)"), NpyBytes.floats(1, 2, 3, 4, 5, 6));
        Map<String, byte[]> members = Map.of("a.npy", array, "b.npy",
                NpyBytes.npy(NpyBytes.dictionary("|i1", true, "(4,)"), new byte[4]));
        return List.of(new Sound("m.safetensors", safetensors()), new Sound("m.safetensors.index.json", index),
                new Sound("m.npz", NpyBytes.npz(true, members)), new Sound("m.npz", NpyBytes.npz(false, members)),
                new Sound("m.npy", array));
    }

    private void soon(Sound file) {
        assertTimeoutPreemptively(SOON, () -> {
            Path path = Files.write(folder.resolve(file.name()), file.content());
            if (file.name().endsWith(".npy")) {
                Diagnostics diagnostics = new Diagnostics();
                assertThat(NumpyArray.read(path, file.name(), diagnostics).isPresent())
                        .isEqualTo(diagnostics.list().isEmpty());
            } else {
                Opened.diagnose(path);
            }
            if (file.name().endsWith(".npz")) {
                NumpyArray.readArchive(path, file.name(), new Diagnostics());
            }
        });
    }

    @Test
    void mutants() throws IOException {
        List<Sound> corpus = corpus();
        for (Sound sound : corpus) {
            soon(sound);
            assertThat(sound.name().endsWith(".npy") ? "" : Opened.diagnose(folder.resolve(sound.name()))).isEmpty();
        }
        long seconds = Long.getLong("fuzz.seconds", 0);
        SplittableRandom random = new SplittableRandom(seconds == 0 ? 1 : System.nanoTime());
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        int tried = 0;
        while (seconds == 0 ? tried < MUTANTS : System.nanoTime() < end) {
            Sound sound = corpus.get(tried % corpus.size());
            Sound mutant = new Sound(sound.name(), mutant(sound.content(), random));
            tried++;
            try {
                soon(mutant);
            } catch (RuntimeException | Error fault) {
                throw new AssertionError("of " + tried + ": " + sound.name() + " "
                        + HexFormat.of().formatHex(mutant.content()), fault);
            }
        }
    }

    /** A few bytes changed, cut or doubled, or a word of the formats written over them. */
    private static byte[] mutant(byte[] sound, SplittableRandom random) {
        byte[] changed = sound.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(6)) {
                case 0 -> changed[at] = (byte) random.nextInt();
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed = Arrays.copyOf(changed, Math.max(1, at));
                case 3 -> {
                    byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
                    System.arraycopy(word, 0, changed, at, Math.min(word.length, changed.length - at));
                }
                case 4 -> {
                    byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
                    ByteBuffer longer = ByteBuffer.allocate(changed.length + word.length);
                    changed = longer.put(changed, 0, at).put(word).put(changed, at, changed.length - at).array();
                }
                default -> {
                    int from = random.nextInt(changed.length);
                    System.arraycopy(sound, from % sound.length, changed, at,
                            Math.min(random.nextInt(1, 17), Math.min(sound.length - from % sound.length,
                                    changed.length - at)));
                }
            }
        }
        return changed;
    }
}
