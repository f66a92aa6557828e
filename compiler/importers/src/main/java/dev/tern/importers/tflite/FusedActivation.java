package dev.tern.importers.tflite;

import dev.tern.importers.network.ImportProblemException;

/** What a node does with its results, by the numbers that the schema gives them. */
enum FusedActivation {
    NONE, RELU, RELU_N1_TO_1, RELU6, TANH, SIGN_BIT;

    static FusedActivation of(int number) {
        if (number < 0 || number >= values().length) {
            throw new ImportProblemException("the fused activation " + number + " is not known");
        }
        return values()[number];
    }
}
