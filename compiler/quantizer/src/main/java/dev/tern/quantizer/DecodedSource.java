package dev.tern.quantizer;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tensors of a source with weights that are stored as codes, {@code p.codes} with {@code p.scale} [out] or a
 * scalar, as the reals {@code p} that they stand for: latent weights from which training can go on.
 */
public final class DecodedSource implements TensorSource {
    private static final String CODES = ".codes";
    private static final String SCALE = ".scale";

    private final TensorSource source;
    private final Map<String, TensorEntry> stored;

    /** Closing it closes the source. */
    public DecodedSource(TensorSource source) {
        this.source = source;
        this.stored = source.entries().stream().collect(Collectors.toMap(TensorEntry::name, Function.identity()));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return source.layout();
    }

    @Override
    public Map<String, String> notes() {
        return source.notes();
    }

    @Override
    public List<TensorEntry> entries() {
        List<TensorEntry> entries = new ArrayList<>();
        for (TensorEntry entry : source.entries()) {
            if (decoded(entry)) {
                entries.add(new TensorEntry(weights(entry), DataType.F32, "F32", entry.dimensions(), entry.position()));
            } else if (!entry.name().endsWith(SCALE) || !hasCodes(entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static boolean decoded(TensorEntry entry) {
        return entry.name().endsWith(CODES) && entry.type() == DataType.I8;
    }

    private static String weights(TensorEntry entry) {
        return entry.name().substring(0, entry.name().length() - CODES.length());
    }

    private boolean hasCodes(TensorEntry scale) {
        TensorEntry codes = stored.get(scale.name().substring(0, scale.name().length() - SCALE.length()) + CODES);
        return codes != null && decoded(codes);
    }

    @Override
    public float[] floats(TensorEntry entry) throws IOException {
        TensorEntry codes = stored.get(entry.name() + CODES);
        if (stored.containsKey(entry.name()) || codes == null) {
            return source.floats(entry);
        }
        TensorEntry scale = stored.get(entry.name() + SCALE);
        float[] scales = scale == null ? new float[]{1} : source.floats(scale);
        byte[] bytes = source.bytes(codes);
        float[] reals = new float[bytes.length];
        int each = Math.max(1, bytes.length / scales.length);
        for (int i = 0; i < reals.length; i++) {
            reals[i] = bytes[i] * scales[Math.min(i / each, scales.length - 1)];
        }
        return reals;
    }

    @Override
    public byte[] bytes(TensorEntry entry) throws IOException {
        return source.bytes(entry);
    }

    @Override
    public void close() {
        source.close();
    }
}
