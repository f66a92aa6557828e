package dev.tern.importers.safetensors;

import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.importers.NumberType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An open file whose index was checked. Reads in small pieces: the only large memory is what it returns. */
final class SafetensorsSource implements TensorSource {
    private final String name;
    private final FileChannel channel;
    private final Optional<ParameterLayout> layout;
    private final Map<String, String> notes;
    private final List<TensorEntry> entries;
    private final Map<String, SafetensorsEntry> byName;

    SafetensorsSource(String name, FileChannel channel, SafetensorsHeader header) {
        this.name = name;
        this.channel = channel;
        this.layout = header.layout();
        this.notes = header.notes();
        this.entries = header.entries().stream().map(SafetensorsEntry::entry).toList();
        this.byName = HashMap.newHashMap(entries.size());
        header.entries().forEach(entry -> byName.put(entry.name(), entry));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return layout;
    }

    @Override
    public Map<String, String> notes() {
        return notes;
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }

    @Override
    public float[] floats(TensorEntry entry) throws IOException {
        SafetensorsEntry stored = seek(entry);
        NumberType number = stored.type().number().filter(n -> n.dataType().floating())
                .orElseThrow(() -> new IllegalArgumentException(entry.describe() + " holds no floats"));
        return number.floats(channel, ByteOrder.LITTLE_ENDIAN, length(stored.bytes() / number.bytes()));
    }

    @Override
    public byte[] bytes(TensorEntry entry) throws IOException {
        SafetensorsEntry stored = seek(entry);
        if (!stored.type().dataType().bytes()) {
            throw new IllegalArgumentException(entry.describe() + " holds no bytes");
        }
        return NumberType.octets(channel, length(stored.bytes()));
    }

    private SafetensorsEntry seek(TensorEntry entry) throws IOException {
        SafetensorsEntry stored = byName.get(entry.name());
        channel.position(stored.start());
        return stored;
    }

    private static int length(long elements) throws IOException {
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IOException("a tensor of " + elements + " elements is too large for an array");
        }
        return (int) elements;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
