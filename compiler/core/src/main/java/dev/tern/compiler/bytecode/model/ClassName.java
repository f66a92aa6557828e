package dev.tern.compiler.bytecode.model;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.SourceVersion;

/**
 * The name of the class that a model becomes ahead of time.
 *
 * @param packageName {@code com.acme}; empty for none
 * @param simpleName {@code Digits}
 */
public record ClassName(String packageName, String simpleName) {
    /** The longest that a file system commonly takes, with room for what the files beside the class add. */
    static final int MAX_PART = 200;
    /** The longest package: Linux takes paths of 4096 bytes. */
    static final int MAX_PACKAGE = 2000;
    /** Names that the Java Language Specification (3.9) denies to types and to nothing else. */
    private static final Set<String> NOT_FOR_TYPES = Set.of("permits", "record", "sealed", "var", "yield");
    private static final String RUNTIME = "dev.tern.runtime";

    /** Where its class file goes, with slashes and without an ending: {@code com/acme/Digits}. */
    public String path() {
        return packageName.isEmpty() ? simpleName : packageName.replace('.', '/') + "/" + simpleName;
    }

    /** Why no class can have this simple name, as the end of a sentence; empty if one can. */
    public Optional<String> classProblem() {
        if (SourceVersion.isKeyword(simpleName) || NOT_FOR_TYPES.contains(simpleName)) {
            return Optional.of("is a word of Java, so that no Java program can name the class");
        }
        if (!simpleName.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            return Optional.of("is no name of letters, digits and _");
        }
        return simpleName.length() > MAX_PART
                ? Optional.of("has " + simpleName.length() + " letters; a file can be named with " + MAX_PART)
                : Optional.empty();
    }

    /** Why no class can lie in this package, as the end of a sentence; empty if one can. */
    public Optional<String> packageProblem() {
        if (packageName.isEmpty()) {
            return Optional.empty();
        }
        if (packageName.codePoints().anyMatch(Character::isIdentifierIgnorable)
                || !SourceVersion.isName(packageName)) {
            return Optional.of("is no name of a Java package");
        }
        int longest = 0;
        for (String part : packageName.split("\\.")) {
            longest = Math.max(longest, part.length());
        }
        if (longest > MAX_PART || packageName.length() > MAX_PACKAGE) {
            return Optional.of("is too long for folders of that name");
        }
        if (packageName.equals("java") || packageName.startsWith("java.")) {
            return Optional.of("belongs to Java, and no other class is loaded from there");
        }
        if (packageName.equals(RUNTIME)) {
            return Optional.of("is the package of Tern's runtime, and a module path takes no package twice");
        }
        return ModuleFinder.ofSystem().findAll().stream().map(module -> module.descriptor())
                .filter(module -> module.packages().contains(packageName)).map(ModuleDescriptor::name).findFirst()
                .map(module -> "is a package of the JDK's module " + module
                        + ", and no other class is loaded from there");
    }
}
