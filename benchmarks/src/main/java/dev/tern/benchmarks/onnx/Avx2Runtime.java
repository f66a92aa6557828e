package dev.tern.benchmarks.onnx;

import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * ONNX Runtime as machines have it whose processors know no wider vectors than AVX2's. It asks the processor which of
 * its kernels to take and has no option for that; in a copy of its library for Linux on x86-64 the answers are fixed:
 * the operating system keeps registers of 128 and 256 bits, none of 512 (what {@code xgetbv} tells, Intel 64 and IA-32
 * Architectures Software Developer's Manual, volume 1, 13.3), and there are no products of bytes for 256 bits (leaf 7.1
 * of {@code cpuid}: AVX-VNNI in bit 4 of EAX, AVX-VNNI-INT8 in bit 4 of EDX). A JVM takes the copy by
 * {@code -Donnxruntime.native.path=FOLDER}.
 */
public final class Avx2Runtime {
    /** The system property that names the folder of the library that ONNX Runtime loads. */
    public static final String PROPERTY = "onnxruntime.native.path";

    private static final String RESOURCES = "/ai/onnxruntime/native/linux-x64/";
    private static final String LIBRARY = "libonnxruntime.so";
    private static final String BINDING = "libonnxruntime4j_jni.so";
    /** xor ecx, ecx; xgetbv. */
    private static final byte[] STATES = {0x31, (byte) 0xc9, 0x0f, 0x01, (byte) 0xd0};
    /** The same bytes long, for the last three: mov al, 7; nop. */
    private static final byte[] NO_WIDER = {(byte) 0xb0, 0x07, (byte) 0x90};
    /** cpuid; test al, 0x10. */
    private static final byte[] BYTE_PRODUCTS = {0x0f, (byte) 0xa2, (byte) 0xa8, 0x10};
    /** test dl, 0x10. */
    private static final byte[] SIGNED_BYTE_PRODUCTS = {(byte) 0xf6, (byte) 0xc2, 0x10};
    private static final int NEAR = 128;

    private Avx2Runtime() {
    }

    /**
     * Makes the copy in a folder, and prints the option for a JVM.
     *
     * @param arguments the folder, which need not be there
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: Avx2Runtime FOLDER");
            System.exit(2);
        }
        Path folder = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
        into(folder);
        System.out.println(String.join(" ", options(folder)));
    }

    /** Options of a JVM that takes the copy, with stacks of 16 MiB: on those of 1 MiB some processes ended. */
    public static List<String> options(Path folder) {
        return List.of("-D" + PROPERTY + "=" + folder, "-Xss16m");
    }

    /** Whether the library on the class path is of the kind that a copy can be made of. */
    public static boolean possible() {
        return OrtSession.class.getResource(RESOURCES + LIBRARY) != null
                && System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
    }

    /**
     * Makes the copy.
     *
     * @param folder one that is there
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if the library asks the processor in another way than the versions known here
     */
    public static void into(Path folder) throws IOException {
        byte[] library = resource(LIBRARY);
        int states = 0;
        for (int at = next(library, STATES, 0, library.length); at >= 0; at = next(library, STATES, at,
                library.length)) {
            System.arraycopy(NO_WIDER, 0, library, at + STATES.length - NO_WIDER.length, NO_WIDER.length);
            states++;
        }
        int products = 0;
        for (int at = next(library, BYTE_PRODUCTS, 0, library.length); at >= 0; at = next(library, BYTE_PRODUCTS, at,
                library.length)) {
            library[at + BYTE_PRODUCTS.length - 1] = 0;
            int signed = next(library, SIGNED_BYTE_PRODUCTS, at, Math.min(library.length, at + NEAR));
            if (signed >= 0) {
                library[signed + SIGNED_BYTE_PRODUCTS.length - 1] = 0;
            }
            products++;
        }
        if (states == 0 || products == 0) {
            throw new IllegalStateException("this version of ONNX Runtime asks the processor in a way that is not known"
                    + " here (" + states + " times for its registers, " + products + " times for products of bytes)");
        }
        Files.write(folder.resolve(LIBRARY), library);
        Files.write(folder.resolve(BINDING), resource(BINDING));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = OrtSession.class.getResourceAsStream(RESOURCES + name)) {
            if (in == null) {
                throw new IllegalStateException("no ONNX Runtime for Linux on x86-64 on the class path");
            }
            return in.readAllBytes();
        }
    }

    /** Where a pattern begins from a place on, -1 where it does not. */
    private static int next(byte[] bytes, byte[] pattern, int from, int to) {
        for (int at = from; at + pattern.length <= to; at++) {
            int same = 0;
            while (same < pattern.length && bytes[at + same] == pattern[same]) {
                same++;
            }
            if (same == pattern.length) {
                return at;
            }
        }
        return -1;
    }
}
