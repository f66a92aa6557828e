package dev.tern.importers.numpy;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values for inputs that the user wants constant. */
public final class BoundInputs {
    private BoundInputs() {
    }

    /** @return whether all files could be read */
    public static boolean read(Map<String, Path> files, Map<String, Constant> constants, Diagnostics diagnostics) {
        boolean read = true;
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            Optional<NumpyArray> array = NumpyArray.read(entry.getValue(), entry.getValue().toString(), diagnostics);
            read &= array.isPresent();
            array.ifPresent(found -> constants.put(entry.getKey(), constant(found)));
        }
        return read;
    }

    private static Constant constant(NumpyArray array) {
        List<Integer> shape = array.dimensions().stream().map(Math::toIntExact).toList();
        double[] values = array.values();
        if (array.integer()) {
            return new Constant.Integers(ElementKind.I64, shape,
                    Arrays.stream(values).mapToLong(value -> (long) value).toArray());
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return new Constant.Floats(shape, floats);
    }
}
