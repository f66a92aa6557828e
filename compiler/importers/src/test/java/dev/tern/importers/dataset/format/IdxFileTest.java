package dev.tern.importers.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
    @TempDir
    Path folder;

    private static byte[] idx(int magic, int elements, int... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + elements).putInt(magic);
        Arrays.stream(dimensions).forEach(bytes::putInt);
        for (int i = 0; i < elements; i++) {
            bytes.put((byte) i);
        }
        return bytes.array();
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private void refused(Path file, String message) {
        assertThatThrownBy(() -> IdxFile.read(file.getParent(), file, 3)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("T1007").hasMessageContaining(message);
    }

    @Test
    void readsPlainAndPackedFiles() throws IOException {
        byte[] bytes = idx(0x803, 12, 2, 2, 3);
        for (Path file : new Path[]{file("a", bytes), file("a.gz", packed(bytes))}) {
            IdxFile read = IdxFile.read(file.getParent(), file, 3);
            assertThat(read.dimensions()).containsExactly(2, 2, 3);
            assertThat(read.elements()).hasSize(12).startsWith(0, 1, 2);
        }
    }

    @Test
    void refusesWhatIsNotAnIdxFileOfBytes() throws IOException {
        refused(file("rank", idx(0x801, 4, 4)), "begins with 00000801");
        refused(file("type", idx(0xd03, 4, 1, 1, 1)), "begins with 00000d03");
        refused(folder.resolve("absent"), "does not exist");
        refused(file("notPacked.gz", idx(0x803, 1, 1, 1, 1)), "cannot be read");
    }

    @Test
    void refusesTruncatedFiles() throws IOException {
        byte[] whole = idx(0x803, 12, 2, 2, 3);
        refused(file("elements", Arrays.copyOf(whole, whole.length - 1)), "ends after 11 of 12 elements, in record 1");
        refused(file("header", Arrays.copyOf(whole, 9)), "ends too early");
        refused(file("empty", new byte[0]), "ends too early");
        byte[] packed = packed(whole);
        refused(file("packed.gz", Arrays.copyOf(packed, packed.length - 9)), "cannot be read");
        byte[] larger = packed(idx(0x803, 1200, 100, 3, 4));
        refused(file("half.gz", Arrays.copyOf(larger, larger.length / 2)), " of 1200 elements, in record ");
    }

    @Test
    void refusesFilesThatGoOn() throws IOException {
        refused(file("long", idx(0x803, 13, 2, 2, 3)), "goes on after its 12 elements");
    }

    @Test
    void refusesImpossibleDimensions() throws IOException {
        refused(file("zero", idx(0x803, 0, 0, 2, 3)), "impossible dimension 0");
        refused(file("negative", idx(0x803, 4, 1, -4, -1)), "impossible dimension -4");
        refused(file("huge", idx(0x803, 4, 1 << 20, 1 << 20, 1 << 20)), "impossible dimension");
    }

    @Test
    void imagesAndLabelsMustBeAsMany() throws IOException {
        file("train-images-idx3-ubyte", idx(0x803, 12, 2, 2, 3));
        file("train-labels-idx1-ubyte", idx(0x801, 3, 3));
        assertThatThrownBy(() -> Datasets.read(folder, DatasetRequest.of(DatasetRequest.Part.TRAINING)))
                .hasMessageContaining("3 labels for 2 images");
        file("train-labels-idx1-ubyte", idx(0x801, 2, 2));
        Dataset images = Datasets.read(folder, DatasetRequest.of(DatasetRequest.Part.TRAINING));
        assertThat(images.count()).isEqualTo(2);
        assertThat(images.classes()).isEqualTo(2);
        assertThat(images.shape().toArray()).containsExactly(2, 3, 1);
    }
}
