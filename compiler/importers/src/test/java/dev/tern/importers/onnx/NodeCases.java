package dev.tern.importers.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.importers.network.Constant;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.TensorProto;
import dev.tern.importers.onnx.schema.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The official node tests: a model of few nodes each, with inputs and outputs. */
final class NodeCases implements AutoCloseable {
    private static final OnnxTensors TENSORS = new OnnxTensors((tensor, entries, bytes) -> {
        throw new IOException("a node test keeps nothing outside");
    });

    private final ZipFile zip;
    private final TreeMap<String, String> folders = new TreeMap<>();

    /**
     * One case.
     *
     * @param names of the graph's inputs without those that initializers give, as old files list them, too
     * @param inputs in the order of the names; empty for one of a type that Tern does not have
     */
    record Case(String name, ModelProto model, List<String> names, List<Optional<Constant>> inputs,
            List<Optional<Constant>> outputs) {
    }

    NodeCases() throws IOException {
        Path root = Path.of(System.getProperty("tern.root", ".")).toAbsolutePath();
        Path file = Stream.of(System.getProperty("tern.data"), System.getenv("TERN_DATA"),
                root.resolveSibling("shared").resolve("data").toString()).filter(Objects::nonNull)
                .filter(folder -> !folder.isBlank()).map(Path::of).findFirst().orElseThrow()
                .resolve("onnx/onnx-node-tests-v1.20.0.zip");
        assumeTrue(Files.exists(file), file + " is absent; say where the data is with -Dtern.data=DIR");
        zip = new ZipFile(file.toFile());
        zip.stream().map(ZipEntry::getName).filter(name -> name.endsWith("/model.onnx")).forEach(name -> {
            String folder = name.substring(0, name.lastIndexOf('/'));
            folders.put(folder.substring(folder.lastIndexOf('/') + 1), folder);
        });
    }

    List<String> names() {
        return List.copyOf(folders.keySet());
    }

    Case read(String name) throws IOException {
        String folder = folders.get(name);
        ModelProto model = OnnxFormat.parse(bytes(folder + "/model.onnx").orElseThrow());
        Set<String> given = model.getGraph().getInitializerList().stream().map(TensorProto::getName)
                .collect(Collectors.toSet());
        List<String> names = model.getGraph().getInputList().stream().map(ValueInfoProto::getName)
                .filter(input -> !given.contains(input)).toList();
        return new Case(name, model, names, tensors(folder + "/test_data_set_0/input_", names.size()),
                tensors(folder + "/test_data_set_0/output_", model.getGraph().getOutputCount()));
    }

    private List<Optional<Constant>> tensors(String prefix, int count) throws IOException {
        List<Optional<Constant>> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(bytes(prefix + i + ".pb").flatMap(NodeCases::tensor));
        }
        return tensors;
    }

    private static Optional<Constant> tensor(byte[] bytes) {
        try {
            return Optional.of(TENSORS.read(TensorProto.parseFrom(bytes)));
        } catch (IOException | RuntimeException ofAnotherType) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> bytes(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        return entry == null ? Optional.empty() : Optional.of(zip.getInputStream(entry).readAllBytes());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
