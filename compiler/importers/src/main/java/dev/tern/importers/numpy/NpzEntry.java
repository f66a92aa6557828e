package dev.tern.importers.numpy;

import dev.tern.compiler.analysis.parameters.TensorEntry;
import java.util.zip.ZipEntry;

/** A member of an archive whose header was read and whose length was checked. */
record NpzEntry(TensorEntry entry, NpyHeader header, ZipEntry member) {
}
