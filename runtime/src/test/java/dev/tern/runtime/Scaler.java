package dev.tern.runtime;

import java.io.ByteArrayInputStream;
import java.util.List;

/**
 * Written by hand in the form that generated classes have: {@code scores = factors * image + t}, and the index of the
 * greatest score.
 */
public final class Scaler extends Session {
    static final byte[] FILE = WeightFile.write(StoredWeights.of(weights()));
    private static final CompiledModel MODEL = CompiledModel.load(new Scaler(),
            new ByteArrayInputStream(FILE), "Scaler.weights", WeightFile.checksum(FILE), 0);
    private static final float[] FACTORS = MODEL.weights().floats(0);

    public Scaler() {
        super(MODEL);
    }

    public static CompiledModel model() {
        return MODEL;
    }

    static Weights weights() {
        Signature.Port image = new Signature.Port("image", "grey", Element.F32, 0, List.of(1, 3), List.of());
        Signature.Port scores = new Signature.Port("scores", "", Element.F32, 0, List.of(3),
                List.of("null", "eins", "\u20ac"));
        Signature signature = new Signature("Scaler", "Scales.\nTwo lines.",
                List.of(image, Signature.Port.step("t", 5)), List.of(scores, Signature.Port.of("best", Element.I32)),
                List.of(new Signature.LayerSummary("body.0.scale", "dense", "int(8)", "float", List.of(3), 12)), 12 + 8
                        + 1,
                36,
                "portable", "the only one");
        return new Weights(signature, new ArenaPlan(7, 2, 0, 0, List.of(1, 0), List.of(4, 1)),
                List.of(new float[]{1, 2, 3}, new long[]{-1}, new byte[]{7}));
    }

    @Override
    protected Session another() {
        return new Scaler();
    }

    @Override
    protected void infer() {
        int best = 0;
        for (int i = 0; i < 3; i++) {
            f32[4 + i] = FACTORS[i] * f32[1 + i] + i32[0];
            best = f32[4 + i] > f32[4 + best] ? i : best;
        }
        i32[1] = best;
    }
}
