package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file holds of a quantizer's ranges: f32 [2], or [channels, 2] where each channel has its own. A channel's
 * range is called {@code body.depthwise.ranges[3]}.
 *
 * @param perChannel whether they are those of channels
 */
public record StoredRanges(List<Range> ranges, boolean perChannel) {
    public StoredRanges {
        ranges = List.copyOf(ranges);
    }

    /** The name of a channel's range. */
    static String ofChannel(String path, int channel) {
        return path + "[" + channel + "]";
    }

    private static int channels(String path) {
        return path.endsWith("]") ? path.lastIndexOf('[') : -1;
    }

    /** Ranges by the path of the parameter that holds them. @param ranges by their names, channels in order */
    public static Map<String, StoredRanges> of(Map<String, Range> ranges) {
        Map<String, List<Range>> byPath = new LinkedHashMap<>();
        Map<String, StoredRanges> stored = new LinkedHashMap<>();
        ranges.forEach((name, range) -> {
            int end = channels(name);
            String path = end < 0 ? name : name.substring(0, end);
            byPath.computeIfAbsent(path, absent -> new ArrayList<>()).add(range);
            stored.put(path, new StoredRanges(byPath.get(path), end >= 0));
        });
        return stored;
    }

    /** The parameter's shape. */
    public Shape shape() {
        return perChannel ? Shape.of(ranges.size(), 2) : Shape.of(2);
    }

    /** The parameter. */
    public Tensor.Floats tensor() {
        float[] ends = new float[2 * ranges.size()];
        for (int i = 0; i < ranges.size(); i++) {
            ends[2 * i] = ranges.get(i).low();
            ends[2 * i + 1] = ranges.get(i).high();
        }
        return new Tensor.Floats(shape(), ends);
    }
}
