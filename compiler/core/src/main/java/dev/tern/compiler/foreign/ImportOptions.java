package dev.tern.compiler.foreign;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a model is brought in. Schemes are spelt as in the language and hold for layers that the file has not quantized.
 *
 * @param weights the scheme of weights, by default {@code float}
 * @param activations the scheme of what layers with weights read, by default {@code float}
 * @param firstLast the weights' scheme of the first and the last layer; {@code int(8)} gives them
 *        {@code dynamic(8)} activations, too
 * @param shapes of inputs, by their names in the file, where the file leaves sizes open
 * @param constants files (.npy) with values for inputs that are no inputs of the model any more
 * @param asInFile inputs and outputs keep the axes' order of the file, where they would be channels-last otherwise
 * @param singleRounding models of integers alone round a product with a fixed-point factor once; TFLite rounds twice
 *        unless it was built to round once
 */
public record ImportOptions(Optional<String> weights, Optional<String> activations, Optional<String> firstLast,
        Map<String, List<Integer>> shapes, Map<String, Path> constants, boolean asInFile, boolean singleRounding,
        boolean apart) {
    /** Everything as the file has it, images channels-last. */
    public static final ImportOptions DEFAULT = new ImportOptions(Optional.empty(), Optional.empty(), Optional.empty(),
            Map.of(), Map.of(), false, false, false);

    public ImportOptions {
        shapes = Map.copyOf(shapes);
        constants = Map.copyOf(constants);
    }

    /** Products of integers rounded twice. */
    public ImportOptions(Optional<String> weights, Optional<String> activations, Optional<String> firstLast,
            Map<String, List<Integer>> shapes, Map<String, Path> constants, boolean asInFile) {
        this(weights, activations, firstLast, shapes, constants, asInFile, false);
    }

    /** Blocks for what occurs more than once. */
    public ImportOptions(Optional<String> weights, Optional<String> activations, Optional<String> firstLast,
            Map<String, List<Integer>> shapes, Map<String, Path> constants, boolean asInFile,
            boolean singleRounding) {
        this(weights, activations, firstLast, shapes, constants, asInFile, singleRounding, false);
    }

    /** The same with inputs and outputs in the file's order of axes. */
    public ImportOptions inFileOrder() {
        return new ImportOptions(weights, activations, firstLast, shapes, constants, true, singleRounding,
                apart);
    }

    /** The same with every layer by itself, so that each can have schemes of its own. */
    public ImportOptions layersApart() {
        return new ImportOptions(weights, activations, firstLast, shapes, constants, asInFile, singleRounding, true);
    }

    /** The same with other schemes. */
    public ImportOptions withSchemes(String newWeights, String newActivations) {
        return new ImportOptions(Optional.of(newWeights), Optional.of(newActivations), firstLast, shapes, constants,
                asInFile, singleRounding);
    }
}
