package dev.tern.cli.output;

import dev.tern.compiler.target.Target;
import dev.tern.compiler.verification.Checkpoint;
import dev.tern.compiler.verification.Difference;
import dev.tern.compiler.verification.Verification;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What came of comparing a model after every pass, for people and for programs. */
public final class VerificationText {
    private static final String GRAPH = "graph";

    private VerificationText() {
    }

    /** A line for the graph and for each target, then what was found. @param file as the user knows it */
    public static void print(Console console, String model, Path file, Verification verification) {
        int inputs = verification.inputs();
        Map<String, List<Checkpoint>> byTarget = verification.checkpoints().stream().collect(Collectors
                .groupingBy(c -> c.target().isEmpty() ? GRAPH : c.target(), LinkedHashMap::new, Collectors.toList()));
        int width = byTarget.keySet().stream().mapToInt(String::length).max().orElse(0);
        console.out().println("model " + model + ", compared on " + inputs + (inputs == 1 ? " input" : " inputs"));
        byTarget.forEach((target, checkpoints) -> console.out().println("  " + target
                + " ".repeat(width - target.length()) + "  after " + checkpoints.stream().map(Checkpoint::pass)
                        .distinct().map(pass -> times(checkpoints, pass)).collect(Collectors.joining(", "))));
        for (Target target : verification.leftOut()) {
            console.out().println("  " + target + ": left out, for the model is refused for it");
        }
        console.out().println();
        verification.difference().ifPresentOrElse(difference -> explain(console, file, inputs, difference),
                () -> console.out().println("everywhere the bits that the model means"));
    }

    private static String times(List<Checkpoint> checkpoints, String pass) {
        long times = checkpoints.stream().filter(c -> c.pass().equals(pass)).count();
        return times == 1 ? pass : pass + " (" + times + " times)";
    }

    private static void explain(Console console, Path file, int inputs, Difference difference) {
        console.out().println("the first difference is after " + difference.at()
                + (inputs == 1 ? "" : ", on input " + (difference.input() + 1) + " of " + inputs));
        console.out().println("  " + difference.describe());
        console.out().println("this is a fault of the compiler, not of your model");
        if (!difference.at().pass().equals(Checkpoint.CLASS)) {
            console.out().println("'tern explain " + file + " --after " + difference.at().pass()
                    + "' shows what the pass left");
        }
    }

    /** The same as entries of an object. */
    public static Map<String, Object> toJson(Verification verification) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("inputs", verification.inputs());
        result.put("compared", verification.checkpoints().stream().map(VerificationText::toJson).toList());
        result.put("leftOut", verification.leftOut().stream().map(Target::toString).toList());
        verification.difference().ifPresent(difference -> {
            Map<String, Object> found = new LinkedHashMap<>(toJson(difference.at()));
            found.put("input", difference.input());
            found.put("what", difference.describe());
            result.put("difference", found);
        });
        return result;
    }

    private static Map<String, Object> toJson(Checkpoint checkpoint) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("after", checkpoint.pass());
        result.put("round", checkpoint.round());
        if (!checkpoint.target().isEmpty()) {
            result.put("target", checkpoint.target());
        }
        return result;
    }
}
