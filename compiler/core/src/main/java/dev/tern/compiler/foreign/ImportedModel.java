package dev.tern.compiler.foreign;

import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.SourceFile;
import java.util.List;

/**
 * A model that was read from a foreign file.
 *
 * @param name of the files that it would be written to, without an ending
 * @param text the model in Tern's language, in canonical layout; the parameters file that it names is where
 *        {@code tern import} would write the numbers
 * @param parameters its numbers
 * @param inputs in the order of the model's signature
 * @param outputs in the order of the model's signature
 * @param summary what was found and what was done, in lines
 */
public record ImportedModel(String name, SourceFile text, TensorSource parameters, List<Edge> inputs,
        List<Edge> outputs,
        List<String> summary) {
    public ImportedModel {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        summary = List.copyOf(summary);
    }

    /**
     * An input or output on both sides.
     *
     * @param name in Tern
     * @param sourceName in the file
     * @param sourceShape in the file, with open sizes as 1
     * @param axes which axis of the file's each axis of Tern's is; the file's others have size 1
     */
    public record Edge(String name, String sourceName, List<Integer> sourceShape, List<Integer> axes) {
        public Edge {
            sourceShape = List.copyOf(sourceShape);
            axes = List.copyOf(axes);
        }

        /** The shape in Tern. */
        public List<Integer> shape() {
            return axes.stream().map(sourceShape::get).toList();
        }

        /** For each element in Tern's order, its place in the file's order. */
        public int[] places() {
            int[] strides = new int[sourceShape.size()];
            int elements = 1;
            for (int axis = strides.length - 1; axis >= 0; axis--) {
                strides[axis] = elements;
                elements *= sourceShape.get(axis);
            }
            int[] places = new int[elements];
            for (int i = 0; i < elements; i++) {
                int rest = i;
                for (int k = axes.size() - 1; k >= 0; k--) {
                    int size = sourceShape.get(axes.get(k));
                    places[i] += rest % size * strides[axes.get(k)];
                    rest /= size;
                }
            }
            return places;
        }
    }
}
