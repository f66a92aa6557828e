package com.acme;

public final class Main {
    public static void main(String[] args) {
        System.out.println(java.util.Arrays.toString(new Half().run(new float[]{1, 2, 3, 4})) + " "
                + Half.class.getModule());
    }
}
