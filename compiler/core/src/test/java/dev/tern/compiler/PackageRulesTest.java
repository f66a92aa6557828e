package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds every package of every module to the sentence of its package-info that says what it may depend on: "May depend
 * on {@code graph}, {@code kernel.*} and {@code org.objectweb.asm}", or "Depends on nothing". A name is that of a
 * package below {@code dev.tern} or below {@code dev.tern.compiler}, with {@code .*} all below it too, or that with
 * which a library's packages begin. What counts is what sources name, in imports or in full; the JDK is free.
 */
class PackageRulesTest {
    private static final String ROOT = "dev.tern.";
    private static final Pattern PERMISSION = Pattern.compile("\\bMay\\s+depend\\s+on\\b");
    private static final Pattern NOTHING = Pattern.compile("\\bDepends\\s+on\\s+nothing\\b");
    private static final Pattern END = Pattern.compile("\\.(\\s|$)");
    private static final Pattern LIBRARY = Pattern.compile("(org|com|net|io)\\.\\w+\\..*");
    private static final Pattern PLATFORM = Pattern.compile("(java|javax|jdk|com\\.sun)\\..*");

    /** What one package names, and what it may; no permission where its package-info has no such sentence. */
    private static final class Rules {
        final TreeMap<String, String> named = new TreeMap<>();
        Optional<List<String>> permitted = Optional.empty();
    }

    private static final Map<String, Rules> PACKAGES = new TreeMap<>();

    @BeforeAll
    static void readAllSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(Path.of(System.getProperty("tern.root")), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean built = name.equals("target") && Files.exists(folder.resolveSibling("pom.xml"));
                return built || name.equals("test") || name.startsWith(".") && name.length() > 1
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java") && file.toString().contains("src/main/java/")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(sources));
        DocTrees trees = DocTrees.instance(task);
        for (CompilationUnitTree unit : task.parse()) {
            if (unit.getPackageName() == null || !unit.getPackageName().toString().startsWith(ROOT)) {
                // An application in an example, or its module.
                continue;
            }
            Rules rules = PACKAGES.computeIfAbsent(unit.getPackageName().toString(), _ -> new Rules());
            String file = unit.getSourceFile().getName();
            if (file.endsWith("package-info.java")) {
                rules.permitted = permitted(trees, unit);
            }
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitImport(ImportTree tree, Void nothing) {
                    packageOf(tree.getQualifiedIdentifier().toString())
                            .ifPresent(name -> rules.named.putIfAbsent(name, file));
                    return null;
                }

                @Override
                public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
                    if (tree.toString().startsWith(ROOT) || LIBRARY.matcher(tree.toString()).matches()) {
                        packageOf(tree.toString()).ifPresent(name -> rules.named.putIfAbsent(name, file));
                    }
                    return super.visitMemberSelect(tree, nothing);
                }
            }.scan(unit, null);
        }
    }

    /** The package in a name such as {@code dev.tern.graph.Node.id} or {@code dev.tern.graph.*}. */
    private static Optional<String> packageOf(String name) {
        String found = Stream.of(name.split("\\."))
                .takeWhile(part -> !part.equals("*") && Character.isLowerCase(part.charAt(0)))
                .collect(Collectors.joining("."));
        return found.length() < name.length() ? Optional.of(found) : Optional.empty();
    }

    private static Optional<List<String>> permitted(DocTrees trees, CompilationUnitTree unit) {
        var comment = trees.getDocCommentTree(TreePath.getPath(unit, unit.getPackage()));
        if (comment == null) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        boolean open = false;
        for (DocTree part : comment.getFullBody()) {
            if (part instanceof TextTree text) {
                String body = text.getBody();
                var start = PERMISSION.matcher(body);
                if (!open && NOTHING.matcher(body).find()) {
                    return Optional.of(List.of());
                }
                open = open || start.find();
                int from = start.reset().find() ? start.end() : 0;
                if (open && END.matcher(body).region(from, body.length()).find()) {
                    return Optional.of(names);
                }
            } else if (open && part instanceof LiteralTree code) {
                names.add(code.getBody().getBody().strip());
            }
        }
        return open ? Optional.of(names) : Optional.empty();
    }

    private static boolean permits(String permission, String name) {
        String base = permission.replaceAll("\\.\\*$", "");
        boolean below = !base.equals(permission);
        return name.startsWith(ROOT)
                ? Stream.of(ROOT, ROOT + "compiler.").map(prefix -> prefix + base)
                        .anyMatch(full -> name.equals(full) || below && name.startsWith(full + "."))
                : name.equals(base) || name.startsWith(base + ".");
    }

    @Test
    void everyPackageSaysWhatItMayDependOn() {
        assertThat(PACKAGES).hasSizeGreaterThan(30);
        assertThat(PACKAGES.keySet().stream().filter(name -> PACKAGES.get(name).permitted.isEmpty()))
                .as("packages without a sentence 'May depend on {@code ...}.' or 'Depends on nothing.'").isEmpty();
    }

    @Test
    void everyPackageKeepsToIt() {
        List<String> offences = new ArrayList<>();
        PACKAGES.forEach((name, rules) -> rules.named.forEach((other, file) -> {
            if (!other.equals(name) && !PLATFORM.matcher(other + ".").matches() && rules.permitted
                    .filter(permitted -> permitted.stream().noneMatch(one -> permits(one, other))).isPresent()) {
                offences.add(name + " depends on " + other + ", in " + Path.of(file).getFileName());
            }
        }));
        assertThat(offences).isEmpty();
    }

    /** What computes is said without a word of what it is written in; only its writer knows that. */
    @Test
    void onlyWritersOfClassFilesKnowAsm() {
        assertThat(PACKAGES.keySet().stream().filter(name -> PACKAGES.get(name).named.keySet().stream()
                .anyMatch(other -> other.startsWith("org.objectweb.asm"))))
                .containsExactly("dev.tern.cli.start", "dev.tern.compiler.bytecode", "dev.tern.compiler.generate");
        for (String neutral : List.of("dev.tern.compiler.code", "dev.tern.compiler.loops")) {
            assertThat(PACKAGES.get(neutral).named.keySet()).as(neutral)
                    .noneMatch(other -> other.startsWith("dev.tern.compiler.bytecode") || other.startsWith("jdk.")
                            || other.startsWith("java.lang."));
        }
    }

    /** A name of nothing is a slip of the pen, or of a package that is gone. */
    @Test
    void everyNameIsOfSomething() {
        TreeSet<String> all = new TreeSet<>(PACKAGES.keySet());
        PACKAGES.values().forEach(rules -> all.addAll(rules.named.keySet()));
        List<String> unknown = new ArrayList<>();
        PACKAGES.forEach((name, rules) -> rules.permitted.orElse(List.of()).stream()
                .filter(permission -> all.stream().noneMatch(other -> permits(permission, other)))
                .forEach(permission -> unknown.add(permission + ", in the package-info of " + name)));
        assertThat(unknown).isEmpty();
    }
}
