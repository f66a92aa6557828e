package dev.tern.importers.numpy;

import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.importers.NumberType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;

/** An open archive whose members were checked. */
final class NpzSource implements TensorSource {
    private final String name;
    private final ZipFile zip;
    private final List<TensorEntry> entries;
    private final Map<String, NpzEntry> byName;

    NpzSource(String name, ZipFile zip, List<NpzEntry> entries) {
        this.name = name;
        this.zip = zip;
        this.entries = entries.stream().map(NpzEntry::entry).toList();
        this.byName = HashMap.newHashMap(entries.size());
        entries.forEach(entry -> byName.put(entry.entry().name(), entry));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }

    /** Floats, or wider integers as floats: indices and classes are stored as such. */
    @Override
    public float[] floats(TensorEntry entry) throws IOException {
        return read(entry, (in, header, count) -> header.number().filter(n -> !n.dataType().bytes())
                .orElseThrow(() -> new IllegalArgumentException(entry.describe() + " holds no floats"))
                .floats(in, header.order(), count));
    }

    @Override
    public byte[] bytes(TensorEntry entry) throws IOException {
        if (!entry.type().bytes()) {
            throw new IllegalArgumentException(entry.describe() + " holds no bytes");
        }
        return read(entry, (in, header, count) -> NumberType.octets(in, count));
    }

    /** A member as an array of whatever numbers it holds; empty where it holds no numbers. */
    Optional<NumpyArray> array(TensorEntry entry) throws IOException {
        NpyHeader stored = byName.get(entry.name()).header();
        if (stored.number().isEmpty()) {
            return Optional.empty();
        }
        NumberType number = stored.number().get();
        double[] values = read(entry, (in, header, count) -> number.doubles(in, header.order(), count));
        return Optional.of(new NumpyArray(stored.dimensions(), stored.descriptor(), number.integer(), values));
    }

    private <T> T read(TensorEntry entry, Decoder<T> decoder) throws IOException {
        NpzEntry stored = byName.get(entry.name());
        NpyHeader header = stored.header();
        try (InputStream in = zip.getInputStream(stored.member())) {
            in.skipNBytes(header.start());
            ReadableByteChannel channel = Channels.newChannel(in);
            T array = decoder.decode(channel, header, Math.toIntExact(header.elements()));
            return header.fortran() ? RowMajor.of(array, header.dimensions()) : array;
        }
    }

    /** Reads elements in the file's order into a primitive array. */
    private interface Decoder<T> {
        T decode(ReadableByteChannel in, NpyHeader header, int count) throws IOException;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
