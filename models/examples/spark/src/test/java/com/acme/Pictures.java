package com.acme;

import java.util.SplittableRandom;

/** Pictures by their number, the same on every machine: strokes of different greys, a few dots, all else black. */
final class Pictures {
    private static final int SIDE = 28;
    private static final int STROKES = 4;
    private static final int LONGEST = 12;

    private Pictures() {
    }

    /** 784 grey values. */
    static byte[] picture(long number) {
        SplittableRandom random = new SplittableRandom(number * 0x9E3779B97F4A7C15L + 1);
        byte[] pixels = new byte[Digits.IMAGE_ELEMENTS];
        for (int stroke = 0; stroke < STROKES; stroke++) {
            int x = random.nextInt(4, SIDE - 4);
            int y = random.nextInt(4, SIDE - 4);
            int dx = random.nextInt(-1, 2);
            int dy = random.nextInt(-1, 2);
            byte grey = (byte) random.nextInt(128, 256);
            for (int length = random.nextInt(3, LONGEST); length > 0; length--) {
                pixels[y * SIDE + x] = grey;
                x = Math.min(Math.max(x + dx, 0), SIDE - 1);
                y = Math.min(Math.max(y + dy, 0), SIDE - 1);
            }
        }
        return pixels;
    }
}
