package dev.tern.languageserver;

import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.Arrays;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/**
 * Offsets of a text as the protocol's positions and back. The protocol counts lines and UTF-16 units from 0 and ends a
 * line at a line feed, a carriage return, or both; an offset counts {@code char}s.
 */
final class TextPlaces {
    private final int length;
    /** Where each line begins, and where what ends it does. */
    private final int[] starts;
    private final int[] ends;

    TextPlaces(String text) {
        length = text.length();
        int[] begun = new int[16];
        int[] ended = new int[16];
        int count = 1;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c != '\n' && c != '\r') {
                continue;
            }
            if (count == begun.length) {
                begun = Arrays.copyOf(begun, 2 * count);
                ended = Arrays.copyOf(ended, 2 * count);
            }
            ended[count - 1] = i;
            if (c == '\r' && i + 1 < length && text.charAt(i + 1) == '\n') {
                i++;
            }
            begun[count++] = i + 1;
        }
        ended[count - 1] = length;
        starts = Arrays.copyOf(begun, count);
        ends = Arrays.copyOf(ended, count);
    }

    /** The offset of a position; of one outside of the text that of the nearest in it. */
    int offset(Position position) {
        if (position.getLine() < 0) {
            return 0;
        }
        if (position.getLine() >= starts.length) {
            return length;
        }
        int start = starts[position.getLine()];
        return start + Math.clamp(position.getCharacter(), 0, ends[position.getLine()] - start);
    }

    Position position(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new Position(line, Math.min(offset, ends[line]) - starts[line]);
    }

    Range range(SourceSpan span) {
        return range(span.start(), span.end());
    }

    Range range(int start, int end) {
        return new Range(position(start), position(end));
    }

    Range all() {
        return range(0, length);
    }
}
