package dev.tern.importers.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.importers.FileReport;
import dev.tern.importers.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the JSON header as a stream of tokens, never as a tree: what it costs is what it lists. Nesting deeper than the
 * format has is refused where it begins.
 */
final class SafetensorsHeader {
    /** The metadata that says how the tensors are named and ordered. */
    static final String LAYOUT = "tern.layout";
    /** What metadata of Tern's own begin with. */
    private static final String OWN = "tern.";
    private static final String METADATA = "__metadata__";
    private static final int MAX_RANK = 16;
    /** Where the parser's messages name the method that sets a limit. */
    private static final Pattern LIMIT_SOURCE = Pattern.compile(", from `[^`]*`");

    private final FileReport report;
    private final JsonParser json;
    private final long dataStart;
    private final List<SafetensorsEntry> entries = new ArrayList<>();
    private final Map<String, String> notes = new TreeMap<>();

    private SafetensorsHeader(FileReport report, JsonParser json, long dataStart) {
        this.report = report;
        this.json = json;
        this.dataStart = dataStart;
    }

    /**
     * Reads all of a header.
     *
     * @param in exactly the header's bytes, which begin with {@code &#123;}
     * @param dataStart the offset in the file where the header ends
     * @return offsets are not compared with the file yet
     */
    static SafetensorsHeader read(InputStream in, long dataStart, FileReport report)
            throws IOException, MalformedFileException {
        try (JsonParser json = factory().createParser(in)) {
            SafetensorsHeader header = new SafetensorsHeader(report, json, dataStart);
            try {
                header.readAll();
            } catch (JsonProcessingException e) {
                long at = SafetensorsFormat.LENGTH_BYTES + Math.max(0, json.currentLocation().getByteOffset());
                throw new MalformedFileException("the header of " + report.file() + " is not valid JSON",
                        report.at(at, "header"), FileReport.firstLine(LIMIT_SOURCE.matcher(e.getOriginalMessage())
                                .replaceAll("")), "");
            }
            return header;
        }
    }

    /** The tensors in the header's order. */
    List<SafetensorsEntry> entries() {
        return entries;
    }

    /** The layout that the header records; empty for none, or one that is not known. */
    Optional<ParameterLayout> layout() {
        return Optional.ofNullable(notes.get(LAYOUT)).flatMap(ParameterLayout::of);
    }

    /** The other metadata that Tern wrote, by key. */
    Map<String, String> notes() {
        Map<String, String> others = new TreeMap<>(notes);
        others.remove(LAYOUT);
        return others;
    }

    /** A factory keeps the names that its parsers met, so each file, which may be hostile, gets its own. */
    static JsonFactory factory() {
        return JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).maxNumberLength(32)
                        .maxNameLength(4096).maxStringLength((int) SafetensorsFormat.MAX_HEADER).build())
                .build();
    }

    private void readAll() throws IOException, MalformedFileException {
        json.nextToken();
        Set<String> names = new HashSet<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            FilePosition position = here("tensor " + FileReport.firstLine(name));
            if (!names.add(name)) {
                throw new MalformedFileException("tensor " + FileReport.firstLine(name) + " is listed twice", position,
                        "second time here", "");
            }
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException("the entry of " + FileReport.firstLine(name) + " is not an object",
                        position, "", "");
            } else if (name.equals(METADATA)) {
                readMetadata();
            } else {
                readTensor(name, position);
            }
        }
        if (json.nextToken() != null) {
            throw new MalformedFileException("the header goes on after its object", here("header"), "",
                    "only spaces may follow it");
        }
    }

    private void readMetadata() throws IOException, MalformedFileException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = FileReport.firstLine(json.currentName());
            String whole = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw new MalformedFileException("metadata may only hold texts", here(METADATA), key + " is none", "");
            }
            if (whole.startsWith(OWN)) {
                notes.put(whole, json.getText());
            }
        }
    }

    private void readTensor(String name, FilePosition position) throws IOException, MalformedFileException {
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        Set<String> keys = new HashSet<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            if (!keys.add(key)) {
                throw new MalformedFileException("'" + FileReport.firstLine(key) + "' stands twice in one entry",
                        here(position.part()), "second time here", "");
            }
            JsonToken value = json.nextToken();
            switch (key) {
                case "dtype" -> {
                    if (value != JsonToken.VALUE_STRING) {
                        throw new MalformedFileException("'dtype' must be a text such as \"F32\"",
                                here(position.part()), "", "");
                    }
                    dtype = json.getText();
                }
                case "shape" -> shape = readNumbers(key, position.part());
                case "data_offsets" -> offsets = readNumbers(key, position.part());
                // The reference reader leaves out what it does not know.
                default -> json.skipChildren();
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
            report.malformed("'" + missing + "' is missing in the header", position, "", "");
        } else if (offsets.size() != 2) {
            report.malformed("'data_offsets' must be two numbers", position, "here are " + offsets.size(), "");
        } else {
            add(name, dtype, shape, offsets, position);
        }
    }

    private List<Long> readNumbers(String key, String part) throws IOException, MalformedFileException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new MalformedFileException("'" + key + "' must be a list of whole numbers", here(part), "", "");
        }
        List<Long> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw new MalformedFileException("'" + key + "' must be a list of whole numbers", here(part), "", "");
            }
            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
                throw new MalformedFileException("a number of '" + key + "' is out of range", here(part),
                        FileReport.firstLine(json.getText()), "");
            }
            if (numbers.size() == MAX_RANK) {
                throw new MalformedFileException("'" + key + "' has more than " + MAX_RANK + " numbers", here(part), "",
                        "");
            }
            numbers.add(json.getLongValue());
        }
        return numbers;
    }

    /** Takes a tensor whose type, shape and length agree; says so if they do not. */
    private void add(String name, String dtype, List<Long> shape, List<Long> offsets, FilePosition position) {
        SafetensorsType type = SafetensorsType.of(dtype).orElse(null);
        if (type == null) {
            report.malformed("unknown element type '" + FileReport.firstLine(dtype) + "'", position, "",
                    "store the tensor as F32");
            return;
        }
        long bytes;
        try {
            long bits = type.bits();
            for (long dimension : shape) {
                bits = Math.multiplyExact(bits, dimension);
            }
            bytes = Math.ceilDiv(bits, 8L);
        } catch (ArithmeticException e) {
            report.malformed("the product of the shape " + shape + " overflows", position, "", "");
            return;
        }
        long start = offsets.get(0);
        long end = offsets.get(1);
        if (start > end || end > Long.MAX_VALUE - dataStart) {
            report.malformed("'data_offsets' " + offsets + " is no range", position, "", "");
        } else if (end - start != bytes) {
            report.malformed(type + shape.toString() + " takes " + bytes + " bytes, 'data_offsets' " + offsets
                    + " gives it "
                    + (end - start), position, "", "");
        } else {
            TensorEntry entry = new TensorEntry(name, type.dataType(), dtype, shape, position);
            entries.add(new SafetensorsEntry(entry, type, dataStart + start, dataStart + end));
        }
    }

    /** The place of the current token in the file. */
    private FilePosition here(String part) {
        long offset = json.currentTokenLocation().getByteOffset();
        return report.at(SafetensorsFormat.LENGTH_BYTES + Math.max(0, offset), part);
    }
}
