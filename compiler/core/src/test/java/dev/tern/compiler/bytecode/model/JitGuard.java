package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.ClassFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Runs a model named Piece in JVMs of their own and reads what HotSpot's compilers say of it: none of its methods is
 * skipped, C2 compiles each, and a warm inference allocates nothing, which vectors that are made objects would do.
 *
 * @param options of the JVM, for the form of the code that is guarded
 * @param plain options of the JVM for a run that is known to be right
 */
record JitGuard(Path folder, Path java, int inferences, List<String> options, List<String> plain) {
    /** @param guarded the class whose methods run */
    void check(ModelFiles files, ClassFile guarded) throws Exception {
        ChildJvm.write(folder, files.byPath());
        List<String> warm = run(inferences, options, "-XX:+PrintCompilation");
        check(warm);
        assertThat(ChildJvm.outputs(warm)).as("compiled code gives the right bits").isNotEmpty()
                .isEqualTo(ChildJvm.outputs(run(1, plain)));
        // Without inlining each method has to be compiled by itself.
        List<String> apart = run(inferences, options, "-XX:+PrintCompilation", "-Xbatch", "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=dontinline,Piece*::*");
        check(apart);
        String className = guarded.definition().name().internalName();
        int compiled = 0;
        for (ClassFile.Method method : guarded.methods()) {
            switch (method.definition().access()) {
                case STATIC, PROTECTED -> {
                    Pattern byC2 = Pattern
                            .compile(" 4 +" + Pattern.quote(className + "::" + method.definition().name() + " ("));
                    // One that no compiler looks at is not called: a part that only several threads have, for instance.
                    List<String> compilations = apart.stream()
                            .filter(line -> line.contains(className + "::" + method.definition().name() + " ("))
                            .toList();
                    if (!compilations.isEmpty()) {
                        compiled++;
                        assertThat(compilations).as("C2 compiles " + className + "::" + method.definition().name())
                                .anyMatch(line -> byC2.matcher(line).find());
                    }
                }
                case PUBLIC, PUBLIC_STATIC, CONSTRUCTOR, INITIALIZER -> {
                }
            }
        }
        assertThat(compiled).as("methods that were called often").isPositive();
    }

    private List<String> run(int times, List<String> first, String... more) throws Exception {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return ChildJvm.run(java, folder, "Piece", times, all.toArray(String[]::new));
    }

    private static void check(List<String> lines) {
        assertThat(lines.stream().filter(line -> line.contains(" Piece") && line.contains("::"))
                .filter(line -> line.contains("COMPILE SKIPPED") || line.contains("made not compilable"))).isEmpty();
        assertThat(lines.stream().filter(line -> line.startsWith("ALLOCATED"))).containsExactly("ALLOCATED 0");
    }
}
