package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.ClassFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a model named Piece in JVMs of their own and reads what HotSpot's compilers say of it: none of its methods is
 * skipped, C2 compiles each, and a warm inference allocates nothing, which vectors that are made objects would do.
 *
 * @param options of the JVM, for the form of the code that is guarded
 * @param whole more of them for the run in which methods are inlined as usual
 * @param apart more of them for the run in which each is compiled by itself
 * @param plain options of the JVM for a run that is known to be right
 */
record JitGuard(Path folder, Path java, int inferences, List<String> options, List<String> whole, List<String> apart,
        List<String> plain) {
    /** How often the inferences may be had again until C2 has come to each method. */
    private static final int MOST = 16;
    private static final Pattern COMPILED = Pattern
            .compile("^ *[0-9]+ +[0-9]+ +[^0-9]* (?<level>[1-4]) +(?<method>Piece[^ ]*::[^ ]+) ");

    /** @param guarded the class whose methods run */
    void check(ModelFiles files, ClassFile guarded) throws Exception {
        ChildJvm.write(folder, files.byPath());
        // Two JVMs side by side, each of which waits for one thread most of the time.
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<List<String>> first = beside.submit(() -> apart(inferences));
            List<String> warm = run(inferences, Stream.concat(options.stream(), whole.stream()).toList(),
                    "-XX:+PrintCompilation");
            check(warm);
            assertThat(ChildJvm.outputs(warm)).as("compiled code gives the right bits").isNotEmpty()
                    .isEqualTo(ChildJvm.outputs(run(1, plain)));
            eachByC2(guarded, first.get());
        }
    }

    /** @param first what was said of as many inferences as are usual */
    private void eachByC2(ClassFile guarded, List<String> first) throws Exception {
        List<String> methods = guarded.methods().stream().filter(method -> switch (method.definition().access()) {
            case STATIC, PROTECTED -> true;
            case SYNCHRONIZED, PUBLIC, PUBLIC_STATIC, CONSTRUCTOR, INITIALIZER -> false;
        }).map(method -> guarded.definition().name().internalName() + "::" + method.definition().name()).toList();
        // When the compilers turn to a method depends on the machine and on what they have to do besides: whether one
        // is left out shows when more calls change nothing.
        int times = inferences;
        List<String> lines = first;
        while (!waiting(methods, lines).isEmpty() && times < MOST * inferences) {
            times *= 2;
            lines = apart(times);
        }
        assertThat(waiting(methods, lines)).as("methods that C1 compiles and C2 does not").isEmpty();
        assertThat(methods).as("methods that were called often").anyMatch(compiledBy(4, lines)::contains);
    }

    /** Without inlining each method has to be compiled by itself. */
    private List<String> apart(int times) throws Exception {
        List<String> lines = run(times, Stream.concat(options.stream(), apart.stream()).toList(),
                "-XX:+PrintCompilation", "-Xbatch", "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=dontinline,Piece*::*");
        check(lines);
        return lines;
    }

    /** One that no compiler looks at is not called: a part that only several threads have, for instance. */
    private static List<String> waiting(List<String> methods, List<String> lines) {
        Set<String> byC1 = compiledBy(3, lines);
        Set<String> byC2 = compiledBy(4, lines);
        return methods.stream().filter(byC1::contains).filter(method -> !byC2.contains(method)).toList();
    }

    private static Set<String> compiledBy(int level, List<String> lines) {
        return lines.stream().map(COMPILED::matcher).filter(Matcher::find)
                .filter(line -> Integer.parseInt(line.group("level")) == level).map(line -> line.group("method"))
                .collect(Collectors.toSet());
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
