package dev.tern.importers.safetensors;

import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.FileReport;
import dev.tern.importers.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The safetensors format (huggingface/safetensors, README, "Format"): eight bytes with the length of a JSON header, the
 * header, and the tensors' bytes, little-endian and row-major. As the specification has it the tensors cover the data
 * without holes or overlaps, and no key occurs twice.
 *
 * <p>Headers over {@value #MAX_HEADER} bytes are refused (the reference reader's limit is 100 MB): about 150,000
 * tensors fit.
 */
public final class SafetensorsFormat implements ParameterFormat {
    static final int LENGTH_BYTES = 8;
    static final long MAX_HEADER = 16 << 20;

    @Override
    public String name() {
        return "safetensors";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("safetensors");
    }

    @Override
    public Optional<TensorSource> open(Path file, String shownName, Diagnostics diagnostics) {
        Diagnostics found = new Diagnostics();
        FileReport report = FileReport.parameters(shownName, found);
        Optional<TensorSource> source = open(file, report);
        found.list().forEach(diagnostics::add);
        return source;
    }

    private static Optional<TensorSource> open(Path file, FileReport report) {
        FileChannel channel = null;
        boolean opened = false;
        try {
            channel = OutsideFile.of(file).channel();
            SafetensorsHeader header = read(channel, report);
            opened = !report.diagnostics().hasErrors();
            return opened
                    ? Optional.of(PackedTernary.of(new SafetensorsSource(report.file(), channel, header)))
                    : Optional.empty();
        } catch (MalformedFileException e) {
            report.malformed(e);
        } catch (IOException e) {
            report.unreadable(e);
        } finally {
            if (channel != null && !opened) {
                closeQuietly(channel);
            }
        }
        return Optional.empty();
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written, and what was wrong with the file has been said.
        }
    }

    private static SafetensorsHeader read(FileChannel channel, FileReport report)
            throws IOException, MalformedFileException {
        long size = channel.size();
        ByteBuffer start = ByteBuffer.allocate(LENGTH_BYTES + 2).order(ByteOrder.LITTLE_ENDIAN);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {
            // Reads on until the buffer is full or the file ends.
        }
        if (start.hasRemaining()) {
            throw new MalformedFileException(report.file() + " is too short for a safetensors file",
                    report.at(0, "header length"), "the file has " + size + " bytes", "");
        }
        long length = start.getLong(0);
        if (length < 2 || length > size - LENGTH_BYTES) {
            throw new MalformedFileException("the header's length does not fit the file", report.at(0, "header length"),
                    "it says " + Long.toUnsignedString(length) + " bytes, " + (size - LENGTH_BYTES) + " follow",
                    "the file is truncated, or is no safetensors file");
        }
        if (length > MAX_HEADER) {
            throw new MalformedFileException("the header is too long", report.at(0, "header length"),
                    "it says " + length + " bytes, the most is " + MAX_HEADER, "");
        }
        // A second byte of zero would make the JSON parser take the header for UTF-16 or UTF-32.
        if (start.get(LENGTH_BYTES) != '{' || start.get(LENGTH_BYTES + 1) == 0) {
            throw new MalformedFileException("the header does not begin with '{'", report.at(LENGTH_BYTES, "header"),
                    "",
                    "the file is no safetensors file");
        }
        channel.position(LENGTH_BYTES);
        InputStream bytes = new BoundedInputStream(Channels.newInputStream(channel), length);
        SafetensorsHeader header = SafetensorsHeader.read(bytes, LENGTH_BYTES + length, report);
        if (!report.diagnostics().hasErrors()) {
            checkCover(header.entries(), LENGTH_BYTES + length, size, report);
        }
        return header;
    }

    /** That the tensors lie in the file, one after the other, from the header to the end. */
    private static void checkCover(List<SafetensorsEntry> entries, long dataStart, long size, FileReport report) {
        List<SafetensorsEntry> ordered = entries.stream()
                .sorted(Comparator.comparingLong(SafetensorsEntry::start).thenComparing(SafetensorsEntry::end))
                .toList();
        long covered = dataStart;
        String previous = "the header";
        for (SafetensorsEntry entry : ordered) {
            String tensor = "tensor " + FileReport.firstLine(entry.name());
            if (entry.end() > size) {
                report.malformed(tensor + " ends after the file does", report.at(entry.start(), tensor),
                        "it ends at byte " + entry.end() + ", the file at " + size, "the file is truncated");
                return;
            } else if (entry.start() < covered) {
                report.malformed(tensor + " overlaps " + previous, report.at(entry.start(), tensor),
                        previous + " ends at byte " + covered, "");
            } else if (entry.start() > covered) {
                report.malformed(entry.start() - covered + " bytes before " + tensor + " belong to nothing",
                        report.at(covered, "after " + previous), "", "");
            }
            if (entry.end() >= covered) {
                covered = entry.end();
                previous = tensor;
            }
        }
        if (covered < size) {
            report.malformed(size - covered + " bytes at the end belong to no tensor",
                    report.at(covered, "after " + previous), "", "");
        }
    }
}
