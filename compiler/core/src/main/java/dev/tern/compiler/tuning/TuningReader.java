package dev.tern.compiler.tuning;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a tuning file's bytes as a stream of tokens. Fields that it does not know are left out. */
final class TuningReader {
    private final JsonParser json;

    private TuningReader(JsonParser json) {
        this.json = json;
    }

    static Tuning read(byte[] bytes) throws MalformedTuningException, IOException {
        JsonFactory factory = JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).enable(
                        StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).maxNumberLength(32).build())
                .build();
        try (JsonParser json = factory.createParser(bytes)) {
            return new TuningReader(json).tuning();
        } catch (JsonProcessingException e) {
            long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw new MalformedTuningException("this is not valid JSON", offset, "");
        }
    }

    private Tuning tuning() throws MalformedTuningException, IOException {
        json.nextToken();
        expect(JsonToken.START_OBJECT, "an object", "");
        Map<String, String> texts = new HashMap<>();
        Map<String, List<Tuning.Entry>> targets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "format", "cpu", "jvm" -> texts.put(name, text(name));
                case "targets" -> targets = targets();
                default -> json.skipChildren();
            }
        }
        for (String name : List.of("format", "cpu", "jvm")) {
            if (!texts.containsKey(name)) {
                throw malformed("'" + name + "' is missing", "");
            }
        }
        if (!texts.get("format").equals(TuningFile.FORMAT)) {
            throw new MalformedTuningException("this is no '" + TuningFile.FORMAT + "'", 0, "format");
        }
        if (targets == null) {
            throw malformed("'targets' is missing", "");
        }
        if (json.nextToken() != null) {
            throw malformed("the file goes on after its object", "");
        }
        return new Tuning(new Machine(texts.get("cpu"), texts.get("jvm")), targets);
    }

    private Map<String, List<Tuning.Entry>> targets() throws MalformedTuningException, IOException {
        expect(JsonToken.START_OBJECT, "an object", "targets");
        Map<String, List<Tuning.Entry>> targets = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String target = json.currentName();
            json.nextToken();
            expect(JsonToken.START_ARRAY, "a list", target);
            List<Tuning.Entry> entries = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                entries.add(entry(target));
            }
            targets.put(target, entries);
        }
        return targets;
    }

    private Tuning.Entry entry(String target) throws MalformedTuningException, IOException {
        expect(JsonToken.START_OBJECT, "an object", target);
        Map<String, String> texts = new HashMap<>();
        Map<String, Double> numbers = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "layer", "shape", "schedule" -> texts.put(name, text(name));
                case "measuredNanos", "predictedNanos" -> numbers.put(name, number(name));
                default -> json.skipChildren();
            }
        }
        for (String name : List.of("layer", "shape", "schedule", "measuredNanos", "predictedNanos")) {
            if (!texts.containsKey(name) && !numbers.containsKey(name)) {
                throw malformed("'" + name + "' is missing", texts.getOrDefault("layer", target));
            }
        }
        return new Tuning.Entry(texts.get("layer"), texts.get("shape"), texts.get("schedule"),
                numbers.get("measuredNanos"), numbers.get("predictedNanos"));
    }

    private String text(String name) throws MalformedTuningException, IOException {
        expect(JsonToken.VALUE_STRING, "a text", name);
        return json.getText();
    }

    private double number(String name) throws MalformedTuningException, IOException {
        if (!json.currentToken().isNumeric() || !(json.getDoubleValue() >= 0)
                || json.getDoubleValue() == Double.POSITIVE_INFINITY) {
            throw malformed("expected a number that is not negative", name);
        }
        return json.getDoubleValue();
    }

    private void expect(JsonToken token, String what, String part) throws MalformedTuningException {
        if (json.currentToken() != token) {
            throw malformed("expected " + what, part);
        }
    }

    private MalformedTuningException malformed(String message, String part) {
        return new MalformedTuningException(message, Math.max(0, json.currentTokenLocation().getByteOffset()), part);
    }
}
