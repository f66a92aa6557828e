package dev.tern.importers.network;

import java.util.List;
import java.util.Map;

/**
 * What a file says of its network to people.
 *
 * @param source the file and the tool that wrote it, in a line
 * @param documentation a text of several lines, maybe empty
 * @param labels names for the entries of outputs, by the names that the file gives them
 */
public record Description(String source, String documentation, Map<String, List<String>> labels) {
    public Description {
        labels = Map.copyOf(labels);
    }

    /** Of a file that says nothing. */
    public static Description of(String source) {
        return new Description(source, "", Map.of());
    }
}
