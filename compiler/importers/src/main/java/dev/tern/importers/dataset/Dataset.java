package dev.tern.importers.dataset;

import dev.tern.compiler.graph.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Examples of one shape, in memory, with what is known of each.
 *
 * @param name what they are called in messages: the file or folder that they come from
 * @param shape of one example; pictures are [height, width, channels]
 * @param values the elements of all examples, one example after the other
 * @param targets what a model should say to each
 */
public record Dataset(String name, Shape shape, Values values, Targets targets) {
    private static final float WHITE = 255f;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+([.][0-9]+)?");
    /** Classes whose labels are told. */
    private static final int SHOWN = 10;

    public Dataset {
        if (values.size() % shape.elements() != 0) {
            throw new IllegalArgumentException(values.size() + " elements for examples of " + shape);
        }
        int count = values.size() / shape.elements();
        int told = switch (targets) {
            case Targets.None _ -> count;
            case Targets.Classes classes -> classes.labels().length;
            case Targets.Numbers numbers -> numbers.elements().length / numbers.shape().elements();
        };
        if (told != count) {
            throw new IllegalArgumentException(told + " targets for " + count + " examples");
        }
    }

    /** The elements of all examples. */
    public sealed interface Values {
        /** How many. */
        int size();

        /** Pixels 0..255, stored as bytes; an f32 input takes them divided by 255. */
        record Pixels(byte[] elements) implements Values {
            @Override
            public int size() {
                return elements.length;
            }
        }

        /** Finite numbers that every input takes as they are. */
        record Numbers(float[] elements) implements Values {
            @Override
            public int size() {
                return elements.length;
            }
        }

        /** Others, which an f32 input takes with another contrast and brightness. */
        record Changed(Values originals, Contrast contrast) implements Values {
            @Override
            public int size() {
                return originals.size();
            }
        }
    }

    /** What is known of the examples. */
    public sealed interface Targets {
        /** Nothing. */
        record None() implements Targets {
        }

        /**
         * The class of each example.
         *
         * @param labels 0 and up
         * @param names of the classes by their label, or none
         */
        record Classes(int[] labels, List<String> names) implements Targets {
            public Classes {
                names = List.copyOf(names);
            }
        }

        /** Numbers that the model should give, one example after the other. @param shape of one example's */
        record Numbers(Shape shape, float[] elements) implements Targets {
        }
    }

    /** The number of examples. */
    public int count() {
        return values.size() / shape.elements();
    }

    /** What an f32 input divides stored elements by: 255 for pixels, else 1. */
    public float divisor() {
        return divisor(values);
    }

    private static float divisor(Values values) {
        return switch (values) {
            case Values.Pixels _ -> WHITE;
            case Values.Numbers _ -> 1f;
            case Values.Changed changed -> divisor(changed.originals);
        };
    }

    /** An element of all of them as an f32 input takes it. */
    public float taken(int element) {
        return taken(values, element);
    }

    private static float taken(Values values, int element) {
        return values instanceof Values.Changed(Values originals, Contrast contrast)
                ? contrast.change(taken(originals, element), element)
                : stored(values, element) / divisor(values);
    }

    /** Whether an f32 input takes other numbers than are stored, or those of a picture divided by 255. */
    public boolean isChanged() {
        return values instanceof Values.Changed;
    }

    /**
     * The same examples with other numbers for an f32 input.
     *
     * @throws IllegalArgumentException if there are numbers for other channels than the examples have
     */
    public Dataset changed(Contrast contrast) {
        return contrast.isNone()
                ? this
                : new Dataset(name, shape, new Values.Changed(values, contrast.of(shape.channels())), targets);
    }

    /** The same, all channels alike: multiplied, and then added to. */
    public Dataset changed(float factor, float shift) {
        return changed(Contrast.of(factor, shift));
    }

    /** An element of all of them as stored: a pixel is 0..255. */
    public float stored(int element) {
        return stored(values, element);
    }

    private static float stored(Values values, int element) {
        return switch (values) {
            case Values.Pixels(byte[] elements) -> elements[element] & 0xff;
            case Values.Numbers(float[] elements) -> elements[element];
            case Values.Changed changed -> stored(changed.originals, element);
        };
    }

    /** Writes an example as an f32 input takes it to {@code target} from {@code offset}. */
    public void copy(int example, float[] target, int offset) {
        copyStored(example, target, offset);
        take(values, target, offset, offset + shape.elements());
    }

    /** Turns stored elements of an example, or what lies between them, into what an f32 input takes. */
    public void take(float[] stored, int from, int to) {
        take(values, stored, from, to);
    }

    private static void take(Values values, float[] target, int from, int to) {
        switch (values) {
            case Values.Pixels _ -> {
                for (int i = from; i < to; i++) {
                    target[i] /= WHITE;
                }
            }
            case Values.Numbers _ -> {
                // They are taken as they are.
            }
            case Values.Changed(Values originals, Contrast contrast) -> {
                take(originals, target, from, to);
                contrast.change(target, from, to);
            }
        }
    }

    /** Writes an example as stored, pixels as 0..255, to {@code target} from {@code offset}. */
    public void copyStored(int example, float[] target, int offset) {
        copyStored(values, example * shape.elements(), shape.elements(), target, offset);
    }

    private static void copyStored(Values values, int from, int count, float[] target, int offset) {
        switch (values) {
            case Values.Pixels(byte[] elements) -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = elements[from + i] & 0xff;
                }
            }
            case Values.Numbers(float[] elements) -> System.arraycopy(elements, from, target, offset, count);
            case Values.Changed changed -> copyStored(changed.originals, from, count, target, offset);
        }
    }

    /**
     * Whether a model of such an input and output gives examples back rather than tells their class: both are of one
     * shape, and not a vector of as many scores as there are classes.
     */
    public boolean isGivenBack(List<Integer> input, List<Integer> output) {
        return input.equals(output) && !(labelled() && output.equals(List.of(classes())));
    }

    /** The same examples, of which nothing is known. */
    public Dataset withoutTargets() {
        return new Dataset(name, shape, values, new Targets.None());
    }

    /** Whether each example has a class. */
    public boolean labelled() {
        return targets instanceof Targets.Classes;
    }

    /**
     * The class of an example.
     *
     * @throws IllegalStateException if they have none
     */
    public int label(int example) {
        return known().labels()[example];
    }

    /**
     * How many classes there are: the named ones, and at least one more than the greatest label.
     *
     * @throws IllegalStateException if the examples have no class
     */
    public int classes() {
        Targets.Classes classes = known();
        return Math.max(classes.names().size(), 1 + IntStream.of(classes.labels()).max().orElse(-1));
    }

    /**
     * Which label stands for which class, where classes are numbers other than their labels: a table of -1 and 1 has
     * the labels 0 and 1.
     *
     * @return {@code class -1 is output 0, class 1 is output 1}
     */
    public Optional<String> renumbered() {
        if (!(targets instanceof Targets.Classes(_, List<String> names)) || names.isEmpty()
                || !names.stream().allMatch(name -> NUMBER.matcher(name).matches())
                || IntStream.range(0, names.size()).allMatch(i -> names.get(i).equals(Integer.toString(i)))) {
            return Optional.empty();
        }
        String some = IntStream.range(0, Math.min(names.size(), SHOWN))
                .mapToObj(i -> "class " + names.get(i) + " is output " + i).collect(Collectors.joining(", "));
        return Optional.of(names.size() > SHOWN ? some + ", and so on" : some);
    }

    private Targets.Classes known() {
        if (targets instanceof Targets.Classes classes) {
            return classes;
        }
        throw new IllegalStateException("the examples of " + name + " have no class");
    }

    /**
     * These examples and others, class by class where they have classes, as a folder for each class would hold them.
     *
     * @throws IllegalArgumentException if the others are of another shape, of other numbers or of other classes
     */
    public Dataset with(Dataset others) {
        if (!shape.equals(others.shape)) {
            throw new IllegalArgumentException("examples of " + shape + " and of " + others.shape);
        }
        Dataset all = new Dataset(name, shape, joined(values, others.values), joined(targets, others.targets));
        return all.labelled()
                ? all.select(IntStream.range(0, all.count()).boxed().sorted(Comparator.comparing(all::label))
                        .mapToInt(Integer::intValue).toArray())
                : all;
    }

    private static Values joined(Values some, Values others) {
        if (some instanceof Values.Pixels(byte[] first) && others instanceof Values.Pixels(byte[] second)) {
            byte[] all = Arrays.copyOf(first, Math.addExact(first.length, second.length));
            System.arraycopy(second, 0, all, first.length, second.length);
            return new Values.Pixels(all);
        }
        if (some instanceof Values.Numbers(float[] first) && others instanceof Values.Numbers(float[] second)) {
            return new Values.Numbers(joined(first, second));
        }
        throw new IllegalArgumentException("pixels and other numbers");
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, Math.addExact(first.length, second.length));
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static Targets joined(Targets some, Targets others) {
        if (some instanceof Targets.None && others instanceof Targets.None) {
            return some;
        }
        if (some instanceof Targets.Classes(int[] first, List<String> names)
                && others instanceof Targets.Classes(int[] second, List<String> otherNames)
                && names.equals(otherNames)) {
            return new Targets.Classes(IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray(), names);
        }
        if (some instanceof Targets.Numbers(Shape each, float[] first)
                && others instanceof Targets.Numbers(Shape otherEach, float[] second) && each.equals(otherEach)) {
            return new Targets.Numbers(each, joined(first, second));
        }
        throw new IllegalArgumentException("examples of other classes or numbers: " + told(some) + " and "
                + told(others));
    }

    private static String told(Targets targets) {
        return switch (targets) {
            case Targets.None _ -> "none";
            case Targets.Classes classes -> "the classes " + classes.names();
            case Targets.Numbers numbers -> "numbers of " + numbers.shape();
        };
    }

    /** Whether these are the same examples, whatever is known of them. */
    public boolean holdsTheSame(Dataset other) {
        float[] mine = new float[shape.elements()];
        float[] others = new float[other.shape.elements()];
        boolean same = count() == other.count() && mine.length == others.length;
        for (int example = 0; same && example < count(); example++) {
            copyStored(example, mine, 0);
            other.copyStored(example, others, 0);
            same = Arrays.equals(mine, others);
        }
        return same;
    }

    /** Chosen examples, in the order given. */
    public Dataset select(int... examples) {
        return new Dataset(name, shape, select(values, shape.elements(), examples), switch (targets) {
            case Targets.None none -> none;
            case Targets.Classes(int[] labels, List<String> names) -> new Targets.Classes(
                    IntStream.of(examples).map(example -> labels[example]).toArray(), names);
            case Targets.Numbers(Shape each, float[] elements) -> new Targets.Numbers(each,
                    rows(elements, each.elements(), examples));
        });
    }

    private static Values select(Values values, int size, int... examples) {
        return switch (values) {
            case Values.Pixels(byte[] elements) -> {
                byte[] copy = new byte[examples.length * size];
                for (int i = 0; i < examples.length; i++) {
                    System.arraycopy(elements, examples[i] * size, copy, i * size, size);
                }
                yield new Values.Pixels(copy);
            }
            case Values.Numbers(float[] elements) -> new Values.Numbers(rows(elements, size, examples));
            case Values.Changed(Values originals, Contrast contrast) ->
                new Values.Changed(select(originals, size, examples), contrast);
        };
    }

    private static float[] rows(float[] elements, int size, int[] examples) {
        float[] copy = new float[examples.length * size];
        for (int i = 0; i < examples.length; i++) {
            System.arraycopy(elements, examples[i] * size, copy, i * size, size);
        }
        return copy;
    }
}
