package dev.tern.compiler.testing.fuzz;

import dev.tern.compiler.testing.text.Choices;
import java.util.Random;

/** What the numbers of one tensor are like. */
enum Temper {
    /** Multiples of a quarter, mixed with numbers of no pattern: ties and equal neighbours are common. */
    ORDINARY,
    /** Mostly zeros, of either sign. */
    SPARSE,
    /** One number and its negative. */
    EQUAL,
    /** Down to the smallest that f32 has. */
    SMALL,
    /** Great ones, which stay finite through a few layers. */
    GREAT,
    /** Great and small side by side. */
    WIDE,
    /** Up to the greatest that f32 has: sums and products of them are infinite, and what cancels is NaN. */
    OVERFLOWING;

    static Temper of(Choices choices, boolean extreme) {
        return extreme ? values()[choices.below(values().length)] : choices.rarely(8) ? SPARSE : ORDINARY;
    }

    float[] numbers(int count, Random random) {
        float[] values = new float[count];
        boolean patterned = random.nextBoolean();
        float scale = switch (this) {
            case ORDINARY, SPARSE, EQUAL, WIDE -> 1;
            case OVERFLOWING -> (float) Math.pow(10, 18 + random.nextInt(20));
            case SMALL -> (float) Math.pow(10, -3 - random.nextInt(42));
            case GREAT -> (float) Math.pow(10, 2 + random.nextInt(9));
        };
        float equal = number(patterned, random);
        for (int i = 0; i < count; i++) {
            float number = number(patterned, random);
            values[i] = scale * switch (this) {
                case ORDINARY, SMALL, GREAT, OVERFLOWING -> number;
                case SPARSE -> random.nextInt(6) == 0 ? number : random.nextBoolean() ? 0f : -0f;
                case EQUAL -> random.nextBoolean() ? equal : -equal;
                case WIDE -> number * (float) Math.pow(10, random.nextInt(15) - 8);
            };
        }
        return values;
    }

    private static float number(boolean patterned, Random random) {
        if (!patterned && random.nextInt(4) > 0) {
            return (float) random.nextGaussian();
        }
        int quarters = random.nextInt(17) - 8;
        return quarters == 0 && random.nextBoolean() ? -0f : quarters / 4f;
    }
}
