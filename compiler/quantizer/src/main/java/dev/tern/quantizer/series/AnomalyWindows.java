package dev.tern.quantizer.series;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** When something was amiss in each series: {@code {"folder/name.csv": [["time", "time"], ...], ...}}. */
final class AnomalyWindows {
    private AnomalyWindows() {
    }

    /** The spans by the series' names. @throws IOException if the text is of another form */
    static Map<String, List<Series.Span>> parse(String text) throws IOException {
        Map<String, List<Series.Span>> windows = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(text)) {
            require(json, json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                require(json, json.currentToken() == JsonToken.FIELD_NAME);
                String name = json.currentName();
                require(json, json.nextToken() == JsonToken.START_ARRAY);
                List<Series.Span> spans = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    require(json, json.currentToken() == JsonToken.START_ARRAY);
                    spans.add(new Series.Span(time(json), time(json)));
                    require(json, json.nextToken() == JsonToken.END_ARRAY);
                }
                windows.put(name, List.copyOf(spans));
            }
        }
        return windows;
    }

    /** Without fractions of a second, which series have not. */
    private static String time(JsonParser json) throws IOException {
        require(json, json.nextToken() == JsonToken.VALUE_STRING);
        String text = json.getText();
        int dot = text.indexOf('.');
        return dot < 0 ? text : text.substring(0, dot);
    }

    private static void require(JsonParser json, boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("has labels/combined_windows.json, which at line "
                    + json.currentTokenLocation().getLineNr() + " is not of the form {\"series\": [[from, to]]}");
        }
    }
}
