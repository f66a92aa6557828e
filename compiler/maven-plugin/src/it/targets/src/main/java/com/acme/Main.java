package com.acme;

public final class Main {
    public static void main(String[] args) {
        float[] half = new float[4];
        Half.infer(new Twice().run(new float[]{1, 2, 3, 4}), half);
        System.out.println(java.util.Arrays.toString(half));
    }
}
