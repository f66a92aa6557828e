package dev.tern.importers.numpy;

import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.FileReport;
import dev.tern.importers.MalformedFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * NumPy's .npz archives: a zip file of .npy files, each named after its tensor. Every member is unpacked once when the
 * archive is opened, to know that it holds what it says; members that together unpack to more than
 * {@value #MAX_UNPACKED} bytes, or are too many, are refused before that much work is done.
 */
public final class NpzFormat implements ParameterFormat {
    static final long MAX_UNPACKED = 1L << 28;
    /** Of an archive that is not packed, with its index, which is read whole. */
    static final long MAX_FILE = MAX_UNPACKED + (1 << 25);
    static final int MAX_MEMBERS = 100_000;
    private static final String SUFFIX = ".npy";

    @Override
    public String name() {
        return "npz";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("npz");
    }

    @Override
    public Optional<TensorSource> open(Path file, String shownName, Diagnostics diagnostics) {
        Diagnostics found = new Diagnostics();
        FileReport report = FileReport.parameters(shownName, found);
        Optional<NpzSource> source = open(file, report);
        found.list().forEach(diagnostics::add);
        return source.map(opened -> opened);
    }

    static Optional<NpzSource> open(Path file, FileReport report) {
        ZipFile zip = null;
        boolean opened = false;
        try {
            OutsideFile.of(file).requireAtMost(MAX_FILE);
            zip = new ZipFile(file.toFile());
            List<NpzEntry> entries = list(zip, report);
            opened = !report.diagnostics().hasErrors();
            return opened ? Optional.of(new NpzSource(report.file(), zip, entries)) : Optional.empty();
        } catch (MalformedFileException e) {
            report.malformed(e);
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            // Names that are not UTF-8 are an IllegalArgumentException.
            report.malformed("this is no intact .npz archive", report.at(-1, ""),
                    FileReport.firstLine(String.valueOf(e.getMessage())), "");
        } catch (IOException e) {
            report.unreadable(e);
        } finally {
            if (zip != null && !opened) {
                closeQuietly(zip);
            }
        }
        return Optional.empty();
    }

    private static void closeQuietly(ZipFile zip) {
        try {
            zip.close();
        } catch (IOException e) {
            // Nothing was written, and what was wrong with the file has been said.
        }
    }

    private static List<NpzEntry> list(ZipFile zip, FileReport report) throws IOException, MalformedFileException {
        if (zip.size() > MAX_MEMBERS) {
            throw new MalformedFileException("the archive has too many members", report.at(-1, ""),
                    zip.size() + " members, the most is " + MAX_MEMBERS, "");
        }
        List<NpzEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long unpacked = 0;
        for (Enumeration<? extends ZipEntry> members = zip.entries(); members.hasMoreElements();) {
            ZipEntry member = members.nextElement();
            String shown = FileReport.firstLine(member.getName());
            if (!names.add(member.getName())) {
                throw new MalformedFileException("member " + shown + " occurs twice", report.at(-1, "member " + shown),
                        "", "");
            }
            if (!member.getName().endsWith(SUFFIX)) {
                report.malformed("member " + shown + " is no .npy file", report.at(-1, "member " + shown), "", "");
                continue;
            }
            String name = member.getName().substring(0, member.getName().length() - SUFFIX.length());
            try (InputStream in = zip.getInputStream(member)) {
                unpacked = check(in, name, member, unpacked, report, entries);
            }
        }
        return entries;
    }

    /** @return how much all members up to this one unpack to */
    private static long check(InputStream packed, String name, ZipEntry member, long unpackedBefore, FileReport report,
            List<NpzEntry> entries) throws IOException, MalformedFileException {
        String part = "tensor " + FileReport.firstLine(name);
        CheckedInputStream in = new CheckedInputStream(packed, new CRC32());
        NpyHeader header = NpyHeader.read(in, report, part, -1);
        long most = MAX_UNPACKED - unpackedBefore - header.start();
        long data = count(in, most);
        if (data > most) {
            throw new MalformedFileException("the archive unpacks to more than " + MAX_UNPACKED + " bytes",
                    report.at(-1, part), "reached in this member", "store large parameters as safetensors");
        }
        if (in.getChecksum().getValue() != member.getCrc()) {
            report.malformed("the member's checksum is wrong", report.at(-1, part), "", "the archive is damaged");
        } else if (header.number().isPresent() && header.bytes() != data) {
            report.malformed("the array does not fit its member", report.at(-1, part),
                    header.typeName() + header.dimensions() + " takes " + header.bytes() + " bytes, " + data
                            + " follow",
                    "");
        } else {
            TensorEntry entry = new TensorEntry(name, header.dataType(), header.typeName(), header.dimensions(),
                    report.at(-1, part));
            entries.add(new NpzEntry(entry, header, member));
        }
        return unpackedBefore + header.start() + data;
    }

    /** How much follows in the stream; stops soon after the most. */
    private static long count(InputStream in, long most) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int read = 0; read >= 0 && total <= most; read = in.read(buffer)) {
            total += read;
        }
        return total;
    }
}
