package com.acme;

public final class Main {
    public static void main(String[] args) {
        float[] y = new Half().run(new float[]{1, 2, 3, 4});
        System.out.println(java.util.Arrays.toString(y) + " " + Half.class.getName() + " " + Half.signature().getClass()
                .getName() + " " + Half.signature().variant());
    }
}
