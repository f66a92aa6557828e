package dev.tern.cli.measure;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.quantizer.dataset.LabelledImages;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;

/**
 * Labelled pictures as a model takes them: scaled to 0..1 for f32, as stored for u8.
 *
 * @param factor by which each value of an f32 input is multiplied
 * @param shift what is then added to it
 */
public record LabelledExamples(LabelledImages images, boolean scaled, float factor, float shift)
        implements
            Accuracy.Examples {
    /**
     * The pictures for a model with one input of as many elements and a vector of scores, or an index, as its first
     * output.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if they do not go together
     */
    public static LabelledExamples of(Signature signature, LabelledImages images) {
        Port input = signature.inputs().getFirst();
        Port output = signature.outputs().getFirst();
        boolean pixels = input.element() == Element.F32 || input.element() == Element.U8;
        if (signature.inputs().size() != 1 || !pixels || input.elements() != images.shape().elements()) {
            throw mismatch("pictures of " + images.shape() + " do not fit the inputs of " + signature);
        }
        boolean scores = output.element() == Element.F32 && output.shape().size() == 1
                && output.elements() >= images.classes();
        boolean index = output.element() == Element.I32 && output.elements() == 1;
        if (!scores && !index) {
            throw mismatch(output + " gives no scores for " + images.classes() + " classes");
        }
        return new LabelledExamples(images, input.element() == Element.F32, 1, 0);
    }

    private static CompilationFailedException mismatch(String message) {
        return new CompilationFailedException(
                Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message, new FilePosition("--data", -1, ""), ""));
    }

    /**
     * The same pictures with other contrast and brightness.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if the model takes bytes
     */
    public LabelledExamples changed(float newFactor, float newShift) {
        if (!scaled && (newFactor != 1 || newShift != 0)) {
            throw mismatch("only f32 inputs can be scaled or made brighter; this model takes bytes");
        }
        return new LabelledExamples(images, scaled, newFactor, newShift);
    }

    @Override
    public int count() {
        return images.count();
    }

    @Override
    public Object input(int example) {
        int size = images.shape().elements();
        if (scaled) {
            float[] pixels = new float[size];
            images.copy(example, pixels, 0);
            for (int i = 0; i < size; i++) {
                pixels[i] = pixels[i] * factor + shift;
            }
            return pixels;
        }
        byte[] pixels = new byte[size];
        System.arraycopy(images.pixels(), example * size, pixels, 0, size);
        return pixels;
    }

    @Override
    public int label(int example) {
        return images.label(example);
    }
}
