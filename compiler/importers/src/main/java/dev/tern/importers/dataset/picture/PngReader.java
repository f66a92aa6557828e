package dev.tern.importers.dataset.picture;

import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.dataset.InputProblem;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Reads PNG files (ISO/IEC 15948): every colour type, depth and interlacing. Transparency is dropped, as PyTorch's and
 * Keras's loaders drop it; gamma and colour profiles are ignored, as they ignore them. The size is known before a pixel
 * is decoded. Reading a picture so takes a fraction of the time that starting {@code javax.imageio} does.
 */
public final class PngReader implements AutoCloseable {
    /** Larger pictures are refused: these pixels take 200 MB, and a hostile file of a few KB can claim far more. */
    private static final long MAX_PIXELS = 1L << 25;
    private static final long MAX_BYTES = 1L << 28;
    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int[][] WHOLE = {{0, 0, 1, 1}};
    /** Adam7: first column, first row, column step, row step of each pass. */
    private static final int[][] ADAM7 = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4},
        {1, 0, 2, 2}, {0, 1, 1, 2}};

    private final OutsideFile file;
    private final DataInputStream in;
    private long offset;
    private int width;
    private int height;
    private int depth;
    private Color color;
    private boolean interlaced;
    private char[] palette;

    /** How a pixel is stored. */
    private enum Color {
        GREY(0, 1, 1), RGB(2, 3, 3), PALETTE(3, 1, 3), GREY_ALPHA(4, 2, 1), RGB_ALPHA(6, 4, 3);

        final int id;
        final int stored;
        final int channels;

        Color(int id, int stored, int channels) {
            this.id = id;
            this.stored = stored;
            this.channels = channels;
        }
    }

    /** A piece of the file with its checksum verified. */
    private record Chunk(String type, byte[] data) {
    }

    /** Opens a file and reads as far as the picture's size. */
    public PngReader(OutsideFile file) throws IOException {
        this.file = file;
        this.in = new DataInputStream(new BufferedInputStream(file.stream()));
        try {
            readHeader();
        } catch (EOFException e) {
            in.close();
            throw truncated();
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** In pixels. */
    public int width() {
        return width;
    }

    /** In pixels. */
    public int height() {
        return height;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private RuntimeException truncated() {
        return InputProblem.unreadable(file.path(), offset, "the PNG file ends in the middle");
    }

    private RuntimeException damaged(String what) {
        return InputProblem.unreadable(file.path(), offset, "the PNG file is damaged: " + what);
    }

    private void readHeader() throws IOException {
        if (in.readLong() != SIGNATURE) {
            throw InputProblem.unreadable(file.path(), 0, "this is not a PNG file, whatever its name says");
        }
        offset = 8;
        Chunk header = nextChunk();
        if (!header.type.equals("IHDR") || header.data.length != 13) {
            throw damaged("it does not begin with its size");
        }
        DataInputStream fields = new DataInputStream(new ByteArrayInputStream(header.data));
        width = fields.readInt();
        height = fields.readInt();
        depth = fields.readUnsignedByte();
        int colorId = fields.readUnsignedByte();
        color = Arrays.stream(Color.values()).filter(c -> c.id == colorId).findFirst()
                .orElseThrow(() -> damaged("colour type " + colorId));
        int compression = fields.readUnsignedByte();
        int filter = fields.readUnsignedByte();
        int interlace = fields.readUnsignedByte();
        if (width < 1 || height < 1) {
            throw damaged("its size is " + Integer.toUnsignedString(width) + "x" + Integer.toUnsignedString(height));
        }
        boolean depthFits = switch (color) {
            case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
        };
        if (!depthFits || compression != 0 || filter != 0 || interlace > 1) {
            throw damaged("its header has values that the format does not know");
        }
        interlaced = interlace == 1;
    }

    /** The picture; grey if it is stored as grey. */
    public Image read() throws IOException {
        if ((long) width * height > MAX_PIXELS || file.size() > MAX_BYTES) {
            throw InputProblem.unreadable(file.path(), -1, "the picture is too large to read: " + width + "x" + height
                    + " pixels in " + file.size() + " bytes");
        }
        try {
            List<InputStream> data = readUpToPixels();
            try (InputStream pixels = new BufferedInputStream(
                    new InflaterInputStream(new SequenceInputStream(Collections.enumeration(data))))) {
                return decode(pixels);
            }
        } catch (EOFException e) {
            throw truncated();
        } catch (ZipException e) {
            throw damaged("its pixels do not unpack");
        }
    }

    /** Reads the chunks to the end and keeps those of pixels, packed as they are. */
    private List<InputStream> readUpToPixels() throws IOException {
        List<InputStream> data = new ArrayList<>();
        for (Chunk chunk = nextChunk(); !chunk.type.equals("IEND"); chunk = nextChunk()) {
            if (chunk.type.equals("IDAT")) {
                data.add(new ByteArrayInputStream(chunk.data));
            } else if (chunk.type.equals("PLTE")) {
                readPalette(chunk.data);
            } else if (Character.isUpperCase(chunk.type.charAt(0))) {
                throw damaged("it needs the unknown feature " + chunk.type);
            }
        }
        if (color == Color.PALETTE && palette == null) {
            throw damaged("its palette is missing");
        }
        return data;
    }

    private Chunk nextChunk() throws IOException {
        int length = in.readInt();
        long rest = file.size() - offset - 12;
        if (length < 0 || length > rest) {
            throw truncated();
        }
        byte[] typed = new byte[4 + length];
        in.readFully(typed);
        CRC32 checksum = new CRC32();
        checksum.update(typed);
        String type = new String(typed, 0, 4, StandardCharsets.ISO_8859_1);
        if (in.readInt() != (int) checksum.getValue()) {
            throw damaged("the checksum of its part " + type.replaceAll("[^A-Za-z]", "?") + " is wrong");
        }
        offset += 12L + length;
        return new Chunk(type, Arrays.copyOfRange(typed, 4, typed.length));
    }

    private void readPalette(byte[] data) {
        if (data.length % 3 != 0 || data.length == 0 || data.length > 768) {
            throw damaged("its palette has " + data.length + " bytes");
        }
        palette = new char[data.length];
        for (int i = 0; i < data.length; i++) {
            palette[i] = (char) (data[i] & 0xff);
        }
    }

    private Image decode(InputStream in) throws IOException {
        int channels = color.channels;
        char[] samples = new char[Math.multiplyExact(width * height, channels)];
        for (int[] pass : interlaced ? ADAM7 : WHOLE) {
            int columns = (width - pass[0] + pass[2] - 1) / pass[2];
            int rows = (height - pass[1] + pass[3] - 1) / pass[3];
            if (columns <= 0 || rows <= 0) {
                continue;
            }
            int bitsPerPixel = depth * color.stored;
            byte[] line = new byte[(int) (((long) columns * bitsPerPixel + 7) / 8)];
            byte[] above = new byte[line.length];
            for (int row = 0; row < rows; row++) {
                int filter = in.read();
                if (filter < 0 || in.readNBytes(line, 0, line.length) < line.length) {
                    throw new EOFException();
                }
                unfilter(filter, line, above, Math.max(1, bitsPerPixel / 8));
                int target = (pass[1] + row * pass[3]) * width + pass[0];
                for (int column = 0; column < columns; column++) {
                    store(line, column, samples, (target + column * pass[2]) * channels);
                }
                byte[] swap = above;
                above = line;
                line = swap;
            }
        }
        return new Image(width, height, channels, depth == 16 ? 65535 : 255, samples);
    }

    private void store(byte[] line, int column, char[] samples, int target) {
        if (color == Color.PALETTE) {
            int entry = 3 * sample(line, column);
            if (entry >= palette.length) {
                throw damaged("a pixel has a colour that the palette lacks");
            }
            System.arraycopy(palette, entry, samples, target, 3);
            return;
        }
        int scale = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
        for (int channel = 0; channel < color.channels; channel++) {
            samples[target + channel] = (char) (scale * sample(line, column * color.stored + channel));
        }
    }

    /** The sample at an index of a line, as stored. */
    private int sample(byte[] line, int index) {
        return switch (depth) {
            case 8 -> line[index] & 0xff;
            case 16 -> (line[2 * index] & 0xff) << 8 | line[2 * index + 1] & 0xff;
            default -> {
                int bit = index * depth;
                yield (line[bit >> 3] & 0xff) >> 8 - depth - (bit & 7) & (1 << depth) - 1;
            }
        };
    }

    private void unfilter(int filter, byte[] line, byte[] above, int pixel) {
        for (int i = 0; i < line.length; i++) {
            int left = i < pixel ? 0 : line[i - pixel] & 0xff;
            int up = above[i] & 0xff;
            int corner = i < pixel ? 0 : above[i - pixel] & 0xff;
            int prediction = switch (filter) {
                case 0 -> 0;
                case 1 -> left;
                case 2 -> up;
                case 3 -> left + up >> 1;
                case 4 -> paeth(left, up, corner);
                default -> throw damaged("a row is filtered in an unknown way");
            };
            line[i] += (byte) prediction;
        }
    }

    private static int paeth(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
