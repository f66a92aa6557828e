package dev.tern.compiler.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tern.compiler.target.Target;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What native-image is told, and that there is nothing else to tell. */
class ReachabilityTest {
    private static final String METADATA = "META-INF/native-image/com/acme/TwiceSession/reachability-metadata.json";
    /** Calls that find something by its name; those with {@code find} are of handles. */
    private static final Set<String> BY_NAME = Set.of("forName", "getResource", "getResourceAsStream", "loadClass",
            "getMethod", "getDeclaredMethod", "getField", "getDeclaredField", "getConstructor",
            "getDeclaredConstructor", "newProxyInstance", "newInstance", "classData", "defineHiddenClass");

    @TempDir
    private Path folder;

    private Map<String, byte[]> classes;

    @BeforeEach
    void generate() throws IOException {
        Path file = folder.resolve("com/acme/twice.tern");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                model Twice(x: f32[16]) -> (y: f32[16]) {
                    y = x |> quantize(dynamic(4)) |> relu
                }
                """);
        classes = new ModelGenerator(Target.VECTORS, false).generate(new ModelSource(file, "com.acme")).classes();
    }

    @Test
    void namesTheWeights() throws IOException {
        List<String> said = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(classes.get(METADATA))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
                    said.add(parser.getText());
                }
            }
        }
        assertThat(said).containsExactly("resources", "glob", "com/acme/TwiceSession.weights");
        assertThat(classes).containsKeys("com/acme/TwiceSession.weights", "com/acme/TwiceSession.class");
    }

    @Test
    void thePackagesOfAStandaloneClassAreTheSame() throws IOException {
        Map<String, byte[]> alone = new ModelGenerator(List.of(), true)
                .generate(new ModelSource(folder.resolve("com/acme/twice.tern"), "com.acme")).classes();
        assertThat(new String(alone.get(METADATA), StandardCharsets.UTF_8))
                .isEqualTo(new String(classes.get(METADATA), StandardCharsets.UTF_8));
        assertThat(alone).containsKey("com/acme/TwiceSession.class");
    }

    /**
     * Everything that is found by its name. In an image the class's resource needs the metadata; arrays are of
     * primitive elements; class data are of hidden classes, which only the compiler makes; the rest is vector code,
     * which an image has not.
     */
    @Test
    void nothingElseIsFoundByItsName() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        Path runtime = Path.of(System.getProperty("tern.root"), "runtime", "target", "classes");
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".class")).toList()) {
                collect(Files.readAllBytes(file), found);
            }
        }
        for (Map.Entry<String, byte[]> file : classes.entrySet()) {
            if (file.getKey().endsWith(".class")) {
                collect(file.getValue(), found);
            }
        }
        assertThat(found).containsExactlyInAnyOrder(
                "com.acme.TwiceSession: Class.getResourceAsStream",
                "com.acme.TwiceSession$Vector256: Class.getResourceAsStream",
                "com.acme.TwiceSession$Vector512: Class.getResourceAsStream",
                "dev.tern.runtime.CompiledModel$VectorForm: Lookup.findClass",
                "dev.tern.runtime.CompiledModel$VectorForm: Lookup.findStatic",
                "dev.tern.runtime.CompiledModel: MethodHandles.classData",
                "dev.tern.runtime.Ring: Array.newInstance",
                "dev.tern.runtime.Stream: Array.newInstance",
                "dev.tern.runtime.Transfer: Array.newInstance",
                "dev.tern.runtime.Variant: Class.forName",
                "dev.tern.runtime.Variant: Lookup.findStatic",
                "dev.tern.runtime.Variant: Lookup.findVirtual");
    }

    private static void collect(byte[] bytes, Set<String> found) {
        ClassModel model = ClassFile.of().parse(bytes);
        for (MethodModel method : model.methods()) {
            method.code().ifPresent(code -> code.forEach(element -> {
                if (element instanceof InvokeInstruction call) {
                    String owner = call.owner().name().stringValue();
                    String name = call.name().stringValue();
                    boolean handle = owner.startsWith("java/lang/invoke/MethodHandles") && name.startsWith("find");
                    if (owner.startsWith("java/lang/") && BY_NAME.contains(name) || handle) {
                        found.add(model.thisClass().name().stringValue().replace('/', '.') + ": "
                                + owner.substring(Math.max(owner.lastIndexOf('/'), owner.lastIndexOf('$')) + 1) + "."
                                + name);
                    }
                }
            }));
        }
    }
}
