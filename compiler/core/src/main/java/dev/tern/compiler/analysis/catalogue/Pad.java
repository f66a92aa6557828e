package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.syntax.Expression;
import java.util.List;
import java.util.Optional;

/** How a window that slides over [height, width, channels] treats the border. */
sealed interface Pad {
    Pad VALID = new Explicit(0, 0, 0, 0);
    Pad SAME = new Same(Padding.ZERO);

    /** As many places as ceil(size / stride); where the padding is odd, the extra row goes after (TensorFlow). */
    record Same(Padding padding) implements Pad {
    }

    /** So many rows and columns of zeros. */
    record Explicit(int top, int left, int bottom, int right) implements Pad {
    }

    /** What its taps contribute. */
    default Padding padding() {
        return switch (this) {
            case Same(Padding padding) -> padding;
            case Explicit _ -> Padding.ZERO;
        };
    }

    /** The window over an input of this height and width. */
    default Geometry over(Shape x, Kinds.Extent kernel, Kinds.Extent stride, Kinds.Extent dilation) {
        return switch (this) {
            case Explicit(int top, int left, int bottom, int right) -> new Geometry(kernel.height(), kernel.width(),
                    stride.height(), stride.width(), dilation.height(), dilation.width(), top, left, bottom, right);
            case Same _ -> {
                int rows = total(x.dimension(0), kernel.height(), stride.height(), dilation.height());
                int columns = total(x.dimension(1), kernel.width(), stride.width(), dilation.width());
                yield new Geometry(kernel.height(), kernel.width(), stride.height(), stride.width(),
                        dilation.height(), dilation.width(), rows / 2, columns / 2, rows - rows / 2,
                        columns - columns / 2);
            }
        };
    }

    private static int total(int size, int kernel, int stride, int dilation) {
        int places = (size - 1) / stride;
        return Math.max(0, places * stride + (kernel - 1) * dilation + 1 - size);
    }

    /** {@code same}, {@code valid}, a number or a size, {@code [top, left, bottom, right]}. */
    static Kind<Pad> kind() {
        return new PadKind(List.of(word("same", SAME), word("valid", VALID)));
    }

    /** Also {@code same(+1)} and {@code same(-1)}. */
    static Kind<Pad> valuedKind() {
        OpParameter<Integer> value = OpParameter.optional("value", Kinds.constant("+1 or -1",
                c -> c instanceof KnownValue.Whole(long v) && Math.abs(v) == 1
                        ? Optional.of((int) v)
                        : Optional.empty()),
                "what stands in the padding");
        return new PadKind(List.of(new SchemeKind.Option<>(OpSignature.of("same", 1, value),
                (arguments, _, _) -> Optional.of(arguments.find(value)
                        .<Pad>map(v -> new Same(v > 0 ? Padding.PLUS_ONE : Padding.MINUS_ONE)).orElse(SAME))),
                word("valid", VALID)));
    }

    private static SchemeKind.Option<Pad> word(String name, Pad pad) {
        return new SchemeKind.Option<>(OpSignature.of(name, 0), (_, _, _) -> Optional.of(pad));
    }

    /** The words, or numbers. */
    record PadKind(Kind<Pad> named, Kind<Pad> numbers) implements Kind<Pad> {
        private static final String EXPECTED = "`same`, `valid`, a number, a size like 1x2, or "
                + "[top, left, bottom, right], each from 0 to " + Kinds.WIDEST;

        PadKind(List<SchemeKind.Option<Pad>> options) {
            this(new SchemeKind<>("padding", options), Kinds.constant(EXPECTED, PadKind::explicit));
        }

        @Override
        public String expects() {
            return EXPECTED;
        }

        @Override
        public List<OpSignature> words() {
            return named.words();
        }

        @Override
        public void check(Expression argument, NameChecker names) {
            kindOf(argument).check(argument, names);
        }

        @Override
        public Optional<Pad> read(Expression argument, String title, ArgumentReader reader) {
            return kindOf(argument).read(argument, title, reader);
        }

        private Kind<Pad> kindOf(Expression argument) {
            return argument instanceof Expression.Name || argument instanceof Expression.Call ? named : numbers;
        }

        private static Optional<Pad> explicit(KnownValue constant) {
            return Kinds.toEntries(constant).filter(
                    sides -> sides.stream().allMatch(s -> s.isPresent() && s.get() >= 0 && s.get() <= Kinds.WIDEST))
                    .map(sides -> sides.stream().mapToInt(s -> s.orElseThrow().intValue()).toArray())
                    .flatMap(s -> switch (s.length) {
                        case 1 -> Optional.of(new Explicit(s[0], s[0], s[0], s[0]));
                        case 2 -> Optional.of(new Explicit(s[0], s[1], s[0], s[1]));
                        case 4 -> Optional.of(new Explicit(s[0], s[1], s[2], s[3]));
                        default -> Optional.empty();
                    });
        }
    }
}
