package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"int", "static", "new", "class", "enum", "record", "sealed", "permits", "var", "yield", "_",
        "null", "true", "assert", "strictfp", "goto"})
    void wordsOfJavaNameNoClass(String word) {
        assertThat(new ClassName("com.acme", word).classProblem())
                .contains("is a word of Java, so that no Java program can name the class");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2d", "a b", "a.b", "a/b", "a$Vector512", "\u0000a", "..", "größe"})
    void onlyNamesNameAClass(String name) {
        assertThat(new ClassName("", name).classProblem()).contains("is no name of letters, digits and _");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Digits", "digits", "_x", "when", "module", "String", "Record"})
    void otherNamesDo(String name) {
        assertThat(new ClassName("", name).classProblem()).isEmpty();
    }

    @Test
    void aFileNameHasAnEnd() {
        assertThat(new ClassName("", "a".repeat(200)).classProblem()).isEmpty();
        assertThat(new ClassName("", "a".repeat(201)).classProblem())
                .contains("has 201 letters; a file can be named with 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "com.acme", "record.var", "javas", "javax.tern", "größe.x", "dev.tern.runtime.mine"})
    void packages(String name) {
        assertThat(new ClassName(name, "A").packageProblem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            com.class.x      | is no name of a Java package
            com..x           | is no name of a Java package
            .com             | is no name of a Java package
            com.             | is no name of a Java package
            com/acme         | is no name of a Java package
            java             | belongs to Java, and no other class is loaded from there
            java.lang        | belongs to Java, and no other class is loaded from there
            java.tern        | belongs to Java, and no other class is loaded from there
            dev.tern.runtime | is the package of Tern's runtime, and a module path takes no package twice
            javax.tools      | is a package of the JDK's module java.compiler, and no other class is loaded from there
            sun.misc         | is a package of the JDK's module jdk.unsupported, and no other class is loaded from there
            """)
    void packagesThatCannotBe(String name, String problem) {
        assertThat(new ClassName(name, "A").packageProblem()).contains(problem);
    }

    @Test
    void packagesHaveAnEnd() {
        assertThat(new ClassName("a".repeat(201), "A").packageProblem()).contains(
                "is too long for folders of that name");
        assertThat(new ClassName("com\u0000", "A").packageProblem()).contains("is no name of a Java package");
        assertThat(new ClassName("a" + ".a".repeat(999), "A").packageProblem()).isEmpty();
        assertThat(new ClassName("a" + ".a".repeat(1000), "A").packageProblem())
                .contains("is too long for folders of that name");
    }
}
