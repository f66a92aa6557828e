package dev.tern.runtime;

import dev.tern.runtime.layout.ArrayLayout;
import dev.tern.runtime.layout.AsStored;
import dev.tern.runtime.layout.PackedCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a weight file holds: arrays, each once, and for each form of a model's code how its own are made from them.
 *
 * @param arrays each a {@code short[]}, {@code int[]}, {@code long[]}, {@code float[]}, or {@link PackedCodes} for a
 *        {@code byte[]}
 * @param forms the code in plain loops first, if there are several
 */
public record StoredWeights(List<Object> arrays, List<Form> forms) {
    public StoredWeights {
        arrays = List.copyOf(arrays);
        forms = List.copyOf(forms);
        for (Object array : arrays) {
            if (array instanceof byte[]) {
                throw new IllegalArgumentException("bytes that are not packed");
            }
        }
    }

    /**
     * One form of the code.
     *
     * @param signature with {@code weightBytes} of the arrays as they are made
     * @param arrays by index
     */
    public record Form(Signature signature, ArenaPlan arena, List<Made> arrays) {
        public Form {
            arrays = List.copyOf(arrays);
        }
    }

    /**
     * An array of a form.
     *
     * @param stored the index of the array that it is made from
     */
    public record Made(int stored, ArrayLayout layout) {
    }

    /** Weights of one form, each array stored as it is. */
    public static StoredWeights of(Weights weights) {
        List<Object> arrays = IntStream.range(0, weights.size()).mapToObj(i -> stored(weights.array(i)))
                .collect(Collectors.toList());
        return new StoredWeights(arrays, List.of(new Form(weights.signature(), weights.arena(),
                IntStream.range(0, arrays.size()).mapToObj(i -> new Made(i, new AsStored()))
                        .collect(Collectors.toList()))));
    }

    /** An array as a weight file holds it: bytes as {@link PackedCodes}, others as they are. */
    public static Object stored(Object array) {
        return array instanceof byte[] ? PackedCodes.of((byte[]) array) : array;
    }

    /**
     * How many bytes of a weight file an array takes, without what tells of its kind and length.
     *
     * @param stored as {@link #stored(Object)} gives it
     * @throws IllegalArgumentException if it is no such array
     */
    public static long bytes(Object stored) {
        return stored instanceof PackedCodes
                ? ((PackedCodes) stored).bytes().length
                : ArrayKind.of(stored).bytes(stored);
    }

    /**
     * The weights of a form, their arrays laid out.
     *
     * @throws IllegalArgumentException if what is stored is not what they can be made from
     */
    static Weights weights(List<Object> arrays, Form form) {
        List<Made> wanted = form.arrays();
        Object[] unpacked = new Object[arrays.size()];
        long bytes = 0;
        for (Made array : wanted) {
            int stored = array.stored();
            if (stored < 0 || stored >= unpacked.length) {
                throw new IllegalArgumentException("array " + stored + " of " + unpacked.length);
            }
            if (unpacked[stored] == null) {
                Object packed = arrays.get(stored);
                unpacked[stored] = packed instanceof PackedCodes ? ((PackedCodes) packed).codes() : packed;
            }
            bytes += array.layout().bytes(unpacked[stored]);
        }
        // Known before anything is laid out, so that lies cost no memory.
        Weights.check(form.signature(), bytes);
        List<Object> made = new ArrayList<>(wanted.size());
        for (Made array : wanted) {
            made.add(array.layout().of(unpacked[array.stored()]));
        }
        return new Weights(form.signature(), form.arena(), made);
    }
}
