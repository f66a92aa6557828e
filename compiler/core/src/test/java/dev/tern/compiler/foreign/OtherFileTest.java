package dev.tern.compiler.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of other tools are called what they are, with the way out. */
class OtherFileTest {
    @TempDir
    private Path folder;

    private String said(Path file) {
        OtherFile other = OtherFile.of(file).orElseThrow();
        return other.what() + ": " + other.way();
    }

    private Path zip(String name, String entry) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new ZipEntry(entry));
            out.write(new byte[]{1, 2, 3});
            out.closeEntry();
        }
        return file;
    }

    @Test
    void archivesAreToldByWhatTheyHold() throws IOException {
        assertThat(said(zip("a.pt", "model/data.pkl"))).startsWith("a PyTorch checkpoint")
                .contains("torch.onnx.export(model.eval(), example, \"model.onnx\")");
        assertThat(said(zip("renamed.onnx", "archive/data.pkl"))).startsWith("a PyTorch checkpoint");
        assertThat(said(zip("a.keras", "metadata.json"))).startsWith("a Keras model").contains("format=\"onnx\"");
        assertThat(said(zip("a.npz", "w.npy"))).startsWith("a file of parameters").contains("parameters \"FILE\"");
        assertThat(said(zip("a.zip", "model.onnx"))).isEqualTo(
                "a zip archive: unpack it, and name the model that lies in it");
    }

    @ParameterizedTest
    @CsvSource({"GGUF\\x03, a GGUF file", "\\x89HDF\\r\\n\\x1a\\n, an HDF5 file", "\\x80\\x02}q, a Python pickle",
        "\\x18\\x00\\x00\\x00TFL3, a TFLite model under another name",
        "\\x00\\x00\\x00\\x00ORTM, a model in ONNX Runtime's own form",
        "<!DOCTYPE html>, a web page", "version https://git-lfs.github.com/spec/v1, a pointer of Git LFS",
        "'', an empty file"})
    void othersByTheirFirstBytes(String escaped, String wanted) {
        String text = escaped.replace("\\r", "\r").replace("\\n", "\n");
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i)) {
                bytes.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                bytes.append(text.charAt(i));
            }
        }
        assertThat(OtherFile.of("model.onnx", bytes.toString().getBytes(StandardCharsets.ISO_8859_1)).orElseThrow()
                .what()).startsWith(wanted);
    }

    @ParameterizedTest
    @CsvSource({"a.pb, a TensorFlow graph", "a.mlmodel, a Core ML model", "a.safetensors, a file of parameters",
        "a.caffemodel, a Caffe model", "A.PTH, a file as PyTorch saves them"})
    void orByTheirNames(String name, String wanted) throws IOException {
        assertThat(said(Files.write(folder.resolve(name), new byte[]{8, 1, 18}))).startsWith(wanted);
    }

    @Test
    void foldersAndWhatNothingTells() throws IOException {
        Path saved = Files.createDirectory(folder.resolve("saved"));
        assertThat(OtherFile.of(saved)).isEmpty();
        Files.write(saved.resolve("saved_model.pb"), new byte[]{8, 1});
        assertThat(said(saved)).startsWith("a TensorFlow SavedModel").contains("TFLiteConverter.from_saved_model");
        // ONNX begins with the version of its form.
        assertThat(OtherFile.of("a.onnx", new byte[]{8, 7, 18, 4})).isEmpty();
        assertThat(OtherFile.of("a.txt", "model M(x: f32[2])".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void whateverTakesAModelSaysSo() throws IOException {
        Path checkpoint = zip("a.pt", "model/data.pkl");
        assertThatThrownBy(() -> ModelReader.analyze(checkpoint, new Diagnostics()))
                .isInstanceOf(CompilationFailedException.class).hasMessageContaining("this is a PyTorch checkpoint");
        assertThatThrownBy(() -> ImportFormat.read(checkpoint, ImportOptions.DEFAULT, new Diagnostics()))
                .isInstanceOf(CompilationFailedException.class).hasMessageContaining("this is a PyTorch checkpoint");
    }
}
