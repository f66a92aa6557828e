package dev.tern.cli.measure;

/** Whether ONNX Runtime is on the class path: asked without a class that could not be linked where it is not. */
public final class OnnxLibrary {
    /** Where it is had from. */
    public static final String NAME = "com.microsoft.onnxruntime:onnxruntime";

    private OnnxLibrary() {
    }

    /** Whether it is. */
    public static boolean present() {
        try {
            Class.forName("ai.onnxruntime.OrtEnvironment");
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
