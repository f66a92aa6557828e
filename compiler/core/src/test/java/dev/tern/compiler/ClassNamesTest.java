package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whoever reads a class's simple name knows which class it is: no two classes of their own share one, in the runtime,
 * core, importers, quantizer, language server and the command line. Within core and the runtime, classes inside others
 * may ({@code Operation.Conv} and {@code NetworkOp.Conv}), as long as they are written with the name of that other.
 * Private ones are nobody else's.
 */
class ClassNamesTest {
    /** By simple name, the full names of the classes in files of their own, of all modules. */
    private static final Map<String, TreeSet<String>> ALL = new TreeMap<>();
    /** Those of core and the runtime. */
    private static final Map<String, TreeSet<String>> OWN = new TreeMap<>();
    /** Likewise those inside others, but for private ones. */
    private static final Map<String, TreeSet<String>> INNER = new TreeMap<>();
    /** By full name of an inner class, the files that import it. */
    private static final Map<String, TreeSet<String>> IMPORTED = new TreeMap<>();

    @BeforeAll
    static void readSources() throws IOException {
        Path root = Path.of(System.getProperty("tern.root"));
        read(sources(root, "runtime", "compiler/core"), new Found(OWN, INNER, IMPORTED));
        OWN.forEach((simple, names) -> ALL.put(simple, new TreeSet<>(names)));
        read(sources(root, "compiler/importers", "compiler/quantizer", "compiler/cli", "compiler/languageserver"),
                new Found(ALL, new TreeMap<>(), new TreeMap<>()));
    }

    private static List<Path> sources(Path root, String... modules) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : modules) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    /** Where names go that are found. */
    private record Found(Map<String, TreeSet<String>> own, Map<String, TreeSet<String>> inner,
            Map<String, TreeSet<String>> imported) {
    }

    private static void read(List<Path> sources, Found found) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(sources));
        for (CompilationUnitTree unit : task.parse()) {
            new Names(unit, found).scan(unit, null);
        }
    }

    private static final class Names extends TreeScanner<Void, Void> {
        private final Found found;
        private final String file;
        private String outer;

        Names(CompilationUnitTree unit, Found found) {
            this.found = found;
            file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
            outer = unit.getPackageName().toString();
        }

        @Override
        public Void visitImport(ImportTree tree, Void nothing) {
            String name = tree.getQualifiedIdentifier().toString();
            if (!tree.isStatic() && Character.isUpperCase(name.split("\\.")[name.split("\\.").length - 2].charAt(0))) {
                found.imported().computeIfAbsent(name, _ -> new TreeSet<>()).add(file);
            }
            return null;
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            String simple = tree.getSimpleName().toString();
            String enclosing = outer;
            boolean inner = Character.isUpperCase(outer.charAt(outer.lastIndexOf('.') + 1));
            if (!simple.isEmpty() && !tree.getModifiers().getFlags().contains(Modifier.PRIVATE)) {
                (inner ? found.inner() : found.own()).computeIfAbsent(simple, _ -> new TreeSet<>()).add(outer + "."
                        + simple);
                outer = outer + "." + simple;
                super.visitClass(tree, nothing);
            }
            outer = enclosing;
            return null;
        }
    }

    @Test
    void noTwoClassesOfTheirOwnShareAName() {
        assertThat(ALL).hasSizeGreaterThan(800);
        assertThat(ALL.values().stream().filter(names -> names.size() > 1)).isEmpty();
    }

    @Test
    void noInnerClassIsNamedAsAClassOfItsOwn() {
        List<String> shared = new ArrayList<>();
        INNER.forEach((simple, names) -> {
            if (OWN.containsKey(simple)) {
                shared.add(names + " and " + OWN.get(simple));
            }
        });
        assertThat(shared).isEmpty();
    }

    @Test
    void anInnerClassWhoseNameAnotherHasIsWrittenWithItsOuterOne() {
        List<String> unclear = new ArrayList<>();
        IMPORTED.forEach((name, files) -> {
            TreeSet<String> same = INNER.getOrDefault(name.substring(name.lastIndexOf('.') + 1), new TreeSet<>());
            if (same.size() > 1 && same.contains(name)) {
                unclear.add(name + " is imported by " + files + "; there are " + same);
            }
        });
        assertThat(unclear).isEmpty();
    }
}
