package dev.tern.compiler.foreign;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.OutsideFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file is that Tern does not read as a model, told by how it begins or by its name.
 *
 * @param what it is, as in "this is ..."
 * @param way to a file that Tern reads
 */
public record OtherFile(String what, String way) {
    private static final int HEAD = 4096;
    private static final String FROM_TORCH = "in PyTorch: torch.onnx.export(model.eval(), example, \"model.onnx\"); or"
            + " write the network in Tern and take its weights from a file that safetensors.torch.save_file writes"
            + " (`layout: pytorch`)";
    private static final String FROM_KERAS = "in Keras 3: model.export(\"model.onnx\", format=\"onnx\"), or for TFLite"
            + " tf.lite.TFLiteConverter.from_keras_model(model).convert()";
    private static final String FROM_TENSORFLOW = "convert it:"
            + " tf.lite.TFLiteConverter.from_saved_model(folder).convert() writes TFLite, `python -m tf2onnx.convert`"
            + " ONNX";
    private static final String AGAIN = "export ONNX or TFLite from the framework that the model was trained in";
    private static final String DOWNLOAD = "download the file itself";

    /** An error that names a file, its way behind it. */
    public Diagnostic error(String shownName) {
        return Diagnostic.error(DiagnosticCode.FOREIGN_UNREADABLE, "this is " + what, new FilePosition(shownName, -1,
                ""), "").help(way);
    }

    /** What a file or folder is; empty where nothing tells. */
    public static Optional<OtherFile> of(Path path) {
        if (Files.isDirectory(path)) {
            return folder(path);
        }
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        try (InputStream in = OutsideFile.of(path).stream()) {
            return of(name, in.readNBytes(HEAD));
        } catch (IOException unreadable) {
            // Whoever reads it says so.
            return Optional.empty();
        }
    }

    private static Optional<OtherFile> folder(Path folder) {
        if (Files.exists(folder.resolve("saved_model.pb"))) {
            return Optional.of(new OtherFile("a TensorFlow SavedModel", FROM_TENSORFLOW));
        }
        return Files.exists(folder.resolve("Manifest.json"))
                ? Optional.of(new OtherFile("a Core ML package", AGAIN))
                : Optional.empty();
    }

    /**
     * What a file is.
     *
     * @param name of the file
     * @param bytes with which it begins, or all of it
     */
    public static Optional<OtherFile> of(String name, byte[] bytes) {
        byte[] start = Arrays.copyOf(bytes, Math.min(bytes.length, HEAD));
        String head = new String(start, StandardCharsets.ISO_8859_1);
        return byContent(head).or(() -> byName(name.toLowerCase(Locale.ROOT)));
    }

    private static Optional<OtherFile> byContent(String head) {
        String text = head.stripLeading().toLowerCase(Locale.ROOT);
        if (head.isEmpty()) {
            return Optional.of(new OtherFile("an empty file", "write or download it again"));
        }
        if (head.startsWith("GGUF")) {
            return Optional.of(new OtherFile("a GGUF file, as llama.cpp has models of language", AGAIN));
        }
        if (head.startsWith("\u0089HDF\r\n")) {
            return Optional.of(new OtherFile("an HDF5 file, as Keras saves models and weights", FROM_KERAS));
        }
        if (head.startsWith("PK\u0003\u0004")) {
            return Optional.of(archive(head));
        }
        if (head.length() > 1 && head.charAt(0) == '\u0080' && head.charAt(1) >= 2 && head.charAt(1) <= 5) {
            return Optional.of(new OtherFile("a Python pickle, as torch.save wrote it", FROM_TORCH));
        }
        if (head.startsWith("TFL3", 4)) {
            return Optional.of(new OtherFile("a TFLite model under another name", "let its name end in .tflite"));
        }
        if (head.startsWith("ORTM", 4)) {
            return Optional.of(new OtherFile("a model in ONNX Runtime's own form",
                    "take the .onnx file that it was made of"));
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return Optional.of(new OtherFile("a web page", DOWNLOAD));
        }
        return head.startsWith("version https://git-lfs")
                ? Optional.of(new OtherFile("a pointer of Git LFS, not the file itself", "fetch it: git lfs pull"))
                : Optional.empty();
    }

    private static OtherFile archive(String head) {
        if (head.contains("data.pkl") || head.contains(".format_version") || head.contains("constants.pkl")) {
            return new OtherFile("a PyTorch checkpoint (torch.save) or script", FROM_TORCH);
        }
        if (head.contains("metadata.json") || head.contains("model.weights.h5")) {
            return new OtherFile("a Keras model", FROM_KERAS);
        }
        if (head.contains(".npy")) {
            return parameters();
        }
        return new OtherFile("a zip archive", "unpack it, and name the model that lies in it");
    }

    private static OtherFile parameters() {
        return new OtherFile("a file of parameters, without the network that they belong to",
                "write the network in Tern, and name this file there: parameters \"FILE\"");
    }

    private static Optional<OtherFile> byName(String name) {
        return Optional.ofNullable(switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "pt", "pth", "ckpt", "pkl", "pickle" -> new OtherFile("a file as PyTorch saves them", FROM_TORCH);
            case "h5", "hdf5", "keras" -> new OtherFile("a file as Keras saves models", FROM_KERAS);
            case "pb", "pbtxt", "meta" -> new OtherFile("a TensorFlow graph", FROM_TENSORFLOW);
            case "mlmodel", "mlpackage", "mlmodelc" -> new OtherFile("a Core ML model", AGAIN);
            case "safetensors", "npz", "npy" -> parameters();
            case "caffemodel", "prototxt" -> new OtherFile("a Caffe model", AGAIN);
            case "ort" -> new OtherFile("a model in ONNX Runtime's own form",
                    "take the .onnx file that it was made of");
            case "gguf", "ggml" -> new OtherFile("a file as llama.cpp has models of language", AGAIN);
            case "joblib", "sav" -> new OtherFile("a file as scikit-learn's users save models",
                    "convert it with skl2onnx");
            case "engine", "plan", "trt" -> new OtherFile("an engine of TensorRT", AGAIN);
            case "xml", "mnn", "ncnn", "param", "rknn", "dlc" -> new OtherFile("a model of another runtime", AGAIN);
            default -> null;
        });
    }
}
