package dev.tern.importers.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.FileReport;
import dev.tern.importers.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tensors in several safetensors files, with an index of them as Hugging Face's tools write it
 * ({@code model.safetensors.index.json}): an object whose {@code weight_map} says for each tensor which file beside the
 * index holds it.
 */
public final class ShardedSafetensors implements ParameterFormat {
    private static final String MAP = "weight_map";
    private static final int MOST_SHARDS = 1000;

    @Override
    public String name() {
        return "safetensors index";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("json");
    }

    @Override
    public Optional<TensorSource> open(Path file, String shownName, Diagnostics diagnostics) {
        FileReport report = FileReport.parameters(shownName, diagnostics);
        try {
            Map<String, String> places = read(OutsideFile.of(file).bytes((int) SafetensorsFormat.MAX_HEADER), report);
            return shards(OutsideFile.folderOf(file), places, report, diagnostics);
        } catch (MalformedFileException e) {
            report.malformed(e);
        } catch (JsonProcessingException e) {
            report.malformed("the index is not valid JSON", report.at(-1, ""),
                    FileReport.firstLine(e.getOriginalMessage()), "");
        } catch (IOException e) {
            report.unreadable(e);
        }
        return Optional.empty();
    }

    /** The file of each tensor. */
    private static Map<String, String> read(byte[] text, FileReport report)
            throws IOException, MalformedFileException {
        Map<String, String> places = new LinkedHashMap<>();
        try (JsonParser json = SafetensorsHeader.factory().createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException("the index is no JSON object", report.at(0, ""), "", "");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean map = json.currentName().equals(MAP);
                JsonToken value = json.nextToken();
                if (!map || value != JsonToken.START_OBJECT) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String tensor = json.currentName();
                    if (json.nextToken() != JsonToken.VALUE_STRING || places.put(tensor, json.getText()) != null) {
                        throw new MalformedFileException("tensor " + FileReport.firstLine(tensor)
                                + " is not in one file", report.at(-1, MAP), "", "");
                    }
                }
            }
        }
        if (places.isEmpty()) {
            throw new MalformedFileException("the index names no tensors", report.at(-1, ""),
                    "it has no `" + MAP + "`", "it is a .safetensors.index.json file, beside the files it names");
        }
        return places;
    }

    private static Optional<TensorSource> shards(Path folder, Map<String, String> places, FileReport report,
            Diagnostics diagnostics) throws MalformedFileException {
        Set<String> names = new LinkedHashSet<>(places.values());
        if (names.size() > MOST_SHARDS) {
            throw new MalformedFileException("the index names " + names.size() + " files", report.at(-1, MAP),
                    "the most is " + MOST_SHARDS, "");
        }
        Shards shards = new Shards(report.file());
        boolean opened = false;
        try {
            for (String name : names) {
                Optional<TensorSource> shard = ParameterPath.resolve(folder, name, report.at(-1, MAP), diagnostics::add)
                        .flatMap(found -> new SafetensorsFormat().open(found.path(), found.path().toString(),
                                diagnostics));
                if (shard.isEmpty()) {
                    return Optional.empty();
                }
                shards.add(shard.get());
            }
            shards.check(places, report);
            opened = !diagnostics.hasErrors();
            return opened ? Optional.of(shards) : Optional.empty();
        } finally {
            if (!opened) {
                shards.close();
            }
        }
    }

    /** The tensors of all files. */
    private static final class Shards implements TensorSource {
        private final String name;
        private final List<TensorSource> sources = new ArrayList<>();
        private final List<TensorEntry> entries = new ArrayList<>();
        private final Map<String, TensorSource> holders = new HashMap<>();
        private final Map<String, String> notes = new TreeMap<>();
        private Optional<ParameterLayout> layout = Optional.empty();

        Shards(String name) {
            this.name = name;
        }

        void add(TensorSource source) {
            sources.add(source);
            for (TensorEntry entry : source.entries()) {
                entries.add(entry);
                holders.putIfAbsent(entry.name(), source);
            }
        }

        /** What one file records goes for all, so that no other may record something else. */
        private void agree(FileReport report) {
            for (TensorSource source : sources) {
                source.layout().ifPresent(found -> {
                    if (layout.filter(other -> other != found).isPresent()) {
                        report.malformed("the files are of two layouts", report.at(-1, MAP), "", "");
                    }
                    layout = Optional.of(found);
                });
                source.notes().forEach((key, value) -> {
                    String other = notes.putIfAbsent(key, value);
                    if (other != null && !other.equals(value)) {
                        report.malformed("the files record two values of " + FileReport.firstLine(key),
                                report.at(-1, MAP), FileReport.firstLine(other + " and " + value), "");
                    }
                });
            }
        }

        /** That each file holds what the index says, and no tensor is in two. */
        void check(Map<String, String> places, FileReport report) {
            agree(report);
            if (entries.size() != holders.size()) {
                report.malformed("two of the files hold a tensor of one name", report.at(-1, MAP), "", "");
            }
            for (String tensor : places.keySet()) {
                // What is packed is listed in parts.
                String weight = tensor.replaceFirst("_scale$", "");
                if (!holders.containsKey(tensor) && !holders.containsKey(weight + ".codes")) {
                    report.malformed("tensor " + FileReport.firstLine(tensor) + " is in none of the files",
                            report.at(-1, MAP), "", "");
                    return;
                }
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Optional<ParameterLayout> layout() {
            return layout;
        }

        @Override
        public Map<String, String> notes() {
            return notes;
        }

        @Override
        public List<TensorEntry> entries() {
            return entries;
        }

        @Override
        public float[] floats(TensorEntry entry) throws IOException {
            return holders.get(entry.name()).floats(entry);
        }

        @Override
        public byte[] bytes(TensorEntry entry) throws IOException {
            return holders.get(entry.name()).bytes(entry);
        }

        @Override
        public void close() {
            sources.forEach(TensorSource::close);
        }
    }
}
