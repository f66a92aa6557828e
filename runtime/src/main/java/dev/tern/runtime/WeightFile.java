package dev.tern.runtime;

import dev.tern.runtime.layout.ArrayLayout;
import dev.tern.runtime.layout.PackedCodes;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The one codec of weight files. All numbers are little-endian; the same weights always give the same bytes.
 *
 * <pre>
 * offset
 *  0  8 bytes   magic: 0x89 'T' 'E' 'R' 'N' CR LF 0x1a (a transfer as text, which alters line ends, is noticed)
 *  8  int       format version, {@value #VERSION}
 * 12  long      length of the whole file in bytes
 * 20            stored arrays: count, then for each: kind (one byte, see {@link ArrayKind}), length in elements,
 * elements;
 *               bytes are codes at their fewest bits, before which stands their width (one byte), see
 *               {@link PackedCodes}
 *               forms: count, then for each: its length in bytes (int); signature, see {@link SignatureCodec}; arena:
 *               lengths of the shared arrays, then of the work arrays (four ints each: f32, i32, i64, i8), input
 *               offsets, output offsets (count, then ints); arrays: count, then for each: which stored array it is made
 *               from (int), its layout (one byte, parameters: count, then ints), see {@link ArrayLayout}
 * end-4 int     CRC-32C of all bytes before it
 * </pre>
 *
 * The checksum also stands in the generated class, so that a class never runs with another compilation's weights.
 */
public final class WeightFile {
    /** The version of the format that this runtime writes and reads. */
    public static final int VERSION = 4;

    private static final byte[] MAGIC = {(byte) 0x89, 'T', 'E', 'R', 'N', '\r', '\n', 0x1a};
    private static final int HEADER = 20;
    private static final int TRAILER = 4;
    private static final String DAMAGED = "the file is damaged: compile the model again";
    private static final String MISMATCHED = "put class and weight file of one compilation side by side";

    /** Larger ones are read as streams. */
    private static final int MOST_BESIDE = 64 << 20;

    private WeightFile() {
    }

    /**
     * The bytes of a weight file.
     *
     * @throws IllegalArgumentException if they would be more than an array can hold (2 GiB)
     */
    public static byte[] write(StoredWeights weights) {
        ByteWriter out = new ByteWriter();
        out.bytes(MAGIC);
        out.integer(VERSION);
        out.longInteger(0);
        out.integer(weights.arrays().size());
        weights.arrays().forEach(out::array);
        out.integer(weights.forms().size());
        for (StoredWeights.Form form : weights.forms()) {
            int begin = out.beginPart();
            write(out, form);
            out.endPart(begin);
        }
        return out.finish(MAGIC.length + Integer.BYTES);
    }

    private static void write(ByteWriter out, StoredWeights.Form form) {
        SignatureCodec.write(out, form.signature());
        ArenaPlan arena = form.arena();
        for (ArenaPlan.Lengths lengths : List.of(arena.shared(), arena.work())) {
            out.integer(lengths.f32());
            out.integer(lengths.i32());
            out.integer(lengths.i64());
            out.integer(lengths.i8());
        }
        out.integers(arena.inputs());
        out.integers(arena.outputs());
        out.integer(form.arrays().size());
        for (StoredWeights.Made array : form.arrays()) {
            out.integer(array.stored());
            out.octet(array.layout().kind());
            int[] parameters = array.layout().parameters();
            out.integer(parameters.length);
            for (int parameter : parameters) {
                out.integer(parameter);
            }
        }
    }

    /** The checksum of a weight file that {@link #write} gave: what {@link CompiledModel#load} is to be told. */
    public static int checksum(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - TRAILER);
    }

    /**
     * The weight file in the jar or the folder that a class on the class path was loaded from. Asked first, since
     * {@link Class#getResourceAsStream} looks through the JDK's own modules before: 10 ms of a new JVM.
     *
     * @param owner the class
     * @param name of the file beside it
     * @return null where the file is not found so, and the class is to ask for it in the usual way: classes of modules,
     *         of images and of other class loaders
     */
    public static InputStream beside(Class<?> owner, String name) {
        if (owner.getClassLoader() != ClassLoader.getSystemClassLoader() || owner.getModule().isNamed()) {
            return null;
        }
        try {
            File place = place(owner);
            String path = owner.getName().substring(0, owner.getName().lastIndexOf('.') + 1).replace('.', '/') + name;
            if (place.isDirectory()) {
                File file = new File(place, path);
                return file.isFile() ? new FileInputStream(file) : null;
            }
            return place.isFile() ? inJar(place, path) : null;
        } catch (IOException | URISyntaxException | RuntimeException e) {
            return null;
        }
    }

    /** Where a class came from; throws what it will where that is no file. */
    private static File place(Class<?> owner) throws URISyntaxException {
        return new File(owner.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static InputStream inJar(File jar, String path) throws IOException {
        // Open already, and kept so by the class path's own.
        try (ZipFile zip = new ZipFile(jar)) {
            ZipEntry entry = zip.getEntry(path);
            if (entry == null || entry.getSize() < 0 || entry.getSize() > MOST_BESIDE) {
                return null;
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return new ByteArrayInputStream(in.readNBytes((int) entry.getSize()));
            }
        }
    }

    /**
     * Reads the weight file that belongs to a class.
     *
     * @param in closed when done; null if there is no such file
     * @param name for messages
     * @param checksum what the class was told by {@link #checksum}
     * @param form which of the file's forms is wanted, from 0; its arrays are laid out, the others' are not
     * @throws WeightFileException if there is no such file, it is damaged, or has another checksum
     */
    public static Weights read(InputStream in, String name, int checksum, int form) {
        byte[] file = load(in, name);
        int found = checksum(file);
        if (found != checksum) {
            throw new WeightFileException(name, String.format("its checksum is %08x, the class was compiled with %08x",
                    found, checksum), MISMATCHED);
        }
        return decode(file, name, form);
    }

    /** All bytes, of which magic, version, length and checksum are right. */
    private static byte[] load(InputStream in, String name) {
        if (in == null) {
            throw new WeightFileException(name, "not found beside the class", MISMATCHED);
        }
        byte[] file;
        try (in) {
            byte[] header = in.readNBytes(HEADER);
            long length = checkHeader(header, name);
            // Grows with what is really there: a header that lies about the length costs no memory.
            byte[] rest = in.readNBytes((int) length - HEADER);
            if (rest.length < length - HEADER) {
                throw new WeightFileException(name, "it ends after " + (HEADER + rest.length) + " of " + length
                        + " bytes", DAMAGED);
            }
            if (in.read() >= 0) {
                throw new WeightFileException(name, "it goes on after its " + length + " bytes", DAMAGED);
            }
            file = Arrays.copyOf(header, (int) length);
            System.arraycopy(rest, 0, file, HEADER, rest.length);
        } catch (IOException | UncheckedIOException e) {
            throw new WeightFileException(name, "cannot be read: " + e.getMessage(), "see to the file and try again",
                    e);
        }
        int computed = crc(file, file.length - TRAILER);
        if (computed != checksum(file)) {
            throw new WeightFileException(name, String.format("its bytes have the checksum %08x, it says %08x",
                    computed,
                    checksum(file)), DAMAGED);
        }
        return file;
    }

    private static long checkHeader(byte[] header, String name) {
        int magic = Math.min(header.length, MAGIC.length);
        if (!Arrays.equals(header, 0, magic, MAGIC, 0, magic)) {
            throw new WeightFileException(name, "it does not begin as a weight file does",
                    "it is another kind of file, or was altered in transfer: compile the model again");
        }
        if (header.length < HEADER) {
            throw new WeightFileException(name, "it ends after " + header.length + " bytes, inside the header",
                    DAMAGED);
        }
        ByteBuffer buffer = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int version = buffer.getInt(MAGIC.length);
        if (version != VERSION) {
            throw new WeightFileException(name, "it has format version " + version + ", this runtime reads " + VERSION,
                    version > VERSION
                            ? "use the tern-runtime of the compiler that wrote it"
                            : "compile the model again with the compiler of this tern-runtime");
        }
        long length = buffer.getLong(MAGIC.length + Integer.BYTES);
        if (length < HEADER + TRAILER || length > Integer.MAX_VALUE - Long.BYTES) {
            throw new WeightFileException(name, "it says that it is " + length + " bytes long", DAMAGED);
        }
        return length;
    }

    /**
     * What stands between header and trailer. The checksum was right, yet nothing is taken on trust. In plain loops: a
     * JVM needs tens of milliseconds for its first lambda.
     */
    private static Weights decode(byte[] file, String name, int form) {
        try {
            ByteReader in = new ByteReader(file, HEADER, file.length - TRAILER);
            int stored = in.count(1 + Integer.BYTES);
            List<Object> arrays = new ArrayList<>(stored);
            for (int i = 0; i < stored; i++) {
                arrays.add(in.array());
            }
            int forms = in.count(Integer.BYTES);
            if (form >= forms) {
                throw new IllegalArgumentException("form " + form + " of " + forms);
            }
            for (int i = 0; i < form; i++) {
                in.skipPart();
            }
            int end = in.count(1) + in.position();
            StoredWeights.Form wanted = readForm(in);
            if (in.position() != end) {
                throw new IllegalArgumentException("a form that ends at byte " + in.position() + ", not " + end);
            }
            for (int i = form + 1; i < forms; i++) {
                in.skipPart();
            }
            in.end();
            return StoredWeights.weights(arrays, wanted);
        } catch (IllegalArgumentException e) {
            throw new WeightFileException(name, e.getMessage(), DAMAGED, e);
        }
    }

    private static StoredWeights.Form readForm(ByteReader in) {
        Signature signature = SignatureCodec.read(in);
        ArenaPlan arena = new ArenaPlan(readLengths(in), readLengths(in), in.integers(), in.integers());
        int count = in.count(1 + 2 * Integer.BYTES);
        List<StoredWeights.Made> arrays = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            arrays.add(new StoredWeights.Made(in.integer(), ArrayLayout.read(in.octet(), in.ints())));
        }
        return new StoredWeights.Form(signature, arena, arrays);
    }

    private static ArenaPlan.Lengths readLengths(ByteReader in) {
        return new ArenaPlan.Lengths(in.integer(), in.integer(), in.integer(), in.integer());
    }

    static int crc(byte[] file, int length) {
        CRC32C crc = new CRC32C();
        crc.update(file, 0, length);
        return (int) crc.getValue();
    }
}
