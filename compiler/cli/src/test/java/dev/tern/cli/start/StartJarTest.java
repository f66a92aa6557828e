package dev.tern.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rewritten classes do what they did, and none of them makes classes for its switches and records. */
class StartJarTest {
    /** Switches with null, guards and texts among types; records of every kind of component. */
    private static final String SUBJECT = """
            import java.util.List;

            public interface Subject {
                record Numbers(boolean t, byte b, char c, short s, int i, long l, float f, double d)
                        implements Subject {
                }

                record Things(String text, List<Integer> list, Object none) implements Subject {
                }

                record Empty() implements Subject {
                }

                static String shape(Object object) {
                    return switch (object) {
                        case null -> "null";
                        case Numbers(_, _, _, _, int i, _, _, _) when i > 3 -> "many " + i;
                        case Numbers n -> "numbers " + n.i();
                        case Things things -> "things " + things.text();
                        case String text when text.isEmpty() -> "nothing";
                        case String text -> text;
                        case int[] array -> "array of " + array.length;
                        default -> "other";
                    };
                }

                static String all() {
                    Things things = new Things("a", List.of(1), null);
                    Numbers one = new Numbers(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, -0.0);
                    Numbers same = new Numbers(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, -0.0);
                    Numbers zero = new Numbers(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, 0.0);
                    byte small = 7;
                    char[] letters = null;
                    String texts = "a" + small + 'c' + 3L + 1.5f + 2.5 + true + letters + things.list()
                            + "\\u0001" + one.l();
                    return String.join(",", shape(null), shape(one), shape(new Numbers(true, (byte) 1, 'c',
                            (short) 2, 5, 4L, 1, 1)), shape(things), shape(""), shape("b"), shape(new int[2]),
                            shape(1.0),
                            "" + one.equals(same), "" + one.equals(zero), "" + (one.hashCode() == same.hashCode()),
                            "" + things.equals(new Things("a", List.of(1), null)), "" + things.equals(
                                    new Things("a", List.of(1), "")), "" + things.hashCode(), "" + new Empty().equals(
                                            new Empty()), "" + new Empty().hashCode(), one.toString(), texts);
                }
            }
            """;

    @TempDir
    private Path folder;

    private Path jar(Path classes, String name) {
        Path jar = folder.resolve(name + ".jar");
        assertThat(ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--no-compress",
                "--file", jar.toString(), "-C", classes.toString(), ".")).isZero();
        return jar;
    }

    private static String all(Path jar) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[]{jar.toUri().toURL()}, null)) {
            Method all = loader.loadClass("Subject").getMethod("all");
            return (String) all.invoke(null);
        }
    }

    @Test
    void classesDoWhatTheyDid() throws Exception {
        Path source = Files.writeString(folder.resolve("Subject.java"), SUBJECT);
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-d", classes.toString(),
                source.toString())).isZero();
        Path jar = jar(classes, "subject");
        Path start = folder.resolve("start.jar");
        StartJar.main(new String[]{start.toString(), jar.toString()});
        assertThat(all(start)).isEqualTo(all(jar)).startsWith(
                "null,numbers 3,many 5,things a,nothing,b,array of 2,other,true,false,true,true,false,");
        try (JarFile file = new JarFile(start.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                try (InputStream in = file.getInputStream(entry)) {
                    assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                            .doesNotContain("SwitchBootstraps", "StringConcatFactory");
                }
            }
        }
    }

    /** Class files of Java 5 get frames, with which they are verified when they are loaded. */
    @Test
    void oldClassesBecomeNewerOnes() throws Exception {
        Path picocli = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .filter(path -> path.getFileName().toString().matches("picocli.*\\.jar")).findFirst().orElseThrow();
        Path start = folder.resolve("start.jar");
        StartJar.write(start, List.of(picocli));
        int loaded = 0;
        try (JarFile file = new JarFile(start.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[]{start.toUri().toURL()},
                        ClassLoader.getPlatformClassLoader())) {
            for (JarEntry entry : file.stream().toList()) {
                try (InputStream in = file.getInputStream(entry)) {
                    assertThat(in.readNBytes(8)[7]).isGreaterThanOrEqualTo((byte) 52);
                }
                // Those for Groovy need Groovy.
                if (!entry.getName().contains("groovy")) {
                    Class.forName(entry.getName().replace(".class", "").replace('/', '.'), true, loader);
                    loaded++;
                }
            }
        }
        assertThat(loaded).isGreaterThan(100);
    }

    /** A run of the compiler from such a jar: it makes no classes for switches, nor to join texts. */
    @Test
    void aRunMakesNoClassesOfItsOwnAccord() throws Exception {
        List<Path> jars = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(part);
            if (Files.isDirectory(path.resolve("dev/tern")) && !path.endsWith("test-classes")) {
                jars.add(packed(path, "part" + jars.size()));
            } else if (part.endsWith(".jar") && path.getFileName().toString().startsWith("tern-")) {
                jars.add(path);
            }
        }
        Path start = folder.resolve("start.jar");
        StartJar.write(start, jars);
        Path model = Path.of(System.getProperty("tern.root"), "models", "digits");
        Path log = folder.resolve("loaded.txt");
        Process run = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-Xlog:class+load:file=" + log + "::filecount=0", "-cp",
                start + File.pathSeparator + System.getProperty("java.class.path"), "dev.tern.cli.Main", "run",
                model.toString(), "--input", model.resolve("samples/seven.png").toString())
                .redirectErrorStream(true).start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).anyMatch(line -> line.contains("dev.tern.compiler.ModelReader source: file:" + start));
        assertThat(lines.stream().filter(line -> line.contains("$$TypeSwitch") || line.contains("$$StringConcat")))
                .isEmpty();
    }

    /** The classes of a folder, without what else lies there. */
    private Path packed(Path classes, String name) throws IOException {
        Path jar = folder.resolve(name + ".jar");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes); Stream<Path> files = Files.walk(classes)) {
            out.setLevel(0);
            for (Path file : (Iterable<Path>) files.filter(path -> path.toString().endsWith(".class"))::iterator) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                out.write(Files.readAllBytes(file));
            }
        }
        return Files.write(jar, bytes.toByteArray());
    }
}
