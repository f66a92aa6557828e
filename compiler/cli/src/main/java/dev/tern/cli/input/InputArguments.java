package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.importers.dataset.format.ArrayFormat;
import dev.tern.importers.numpy.NumpyArray;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The values of {@code --input}: {@code image=a.png}, {@code x=1.5,2} or {@code t=5} for a step, or the file alone
 * where only one input is left to be given.
 */
public final class InputArguments {
    private static final String NUMBER = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";

    private final Signature signature;
    private final boolean resize;
    private final Map<String, List<Object>> arrays = new LinkedHashMap<>();

    private InputArguments(Signature signature, boolean resize) {
        this.signature = signature;
        this.resize = resize;
    }

    /**
     * An array for each input of the signature, in its order.
     *
     * @param resize whether a picture of another size is made to fit
     * @throws CompilationFailedException if an input is missing, unknown, given twice or cannot be read
     */
    public static Object[] read(Signature signature, List<String> arguments, boolean resize) {
        List<Object[]> examples = batch(signature, arguments, resize);
        if (examples.size() > 1) {
            throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.INPUT_MISSHAPEN,
                    "there are " + examples.size() + " examples where one is needed",
                    new FilePosition("--input", -1, ""), ""));
        }
        return examples.getFirst();
    }

    /**
     * As {@link #read}, for each of several examples; what is given once holds for all of them.
     *
     * @throws CompilationFailedException as well if inputs have different numbers of examples
     */
    public static List<Object[]> batch(Signature signature, List<String> arguments, boolean resize) {
        InputArguments inputs = new InputArguments(signature, resize);
        List<String> unnamed = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            Port port = equals < 0 ? null : inputs.port(argument.substring(0, equals));
            if (port != null) {
                inputs.give(port, argument.substring(equals + 1));
            } else {
                unnamed.add(argument);
            }
        }
        unnamed.forEach(inputs::giveUnnamed);
        inputs.checkComplete();
        return inputs.examples();
    }

    private List<Object[]> examples() {
        List<Integer> counts = arrays.values().stream().map(List::size).filter(count -> count > 1).distinct().toList();
        if (counts.size() > 1) {
            throw failure(DiagnosticCode.INPUT_MISSHAPEN, "the inputs have " + counts.get(0) + " and " + counts.get(1)
                    + " examples", "");
        }
        return IntStream.range(0, counts.isEmpty() ? 1 : counts.getFirst())
                .mapToObj(example -> signature.inputs().stream().map(port -> {
                    List<Object> given = arrays.get(port.name());
                    return given.get(given.size() == 1 ? 0 : example);
                }).toArray()).toList();
    }

    /** The arrays of an archive, by the names of inputs. */
    private void giveArchive(String value) {
        Path file = Path.of(value);
        Diagnostics diagnostics = new Diagnostics();
        Map<String, NumpyArray> found = NumpyArray.readArchive(file, value, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        List<Port> missing = missing();
        Map<Port, NumpyArray> named = new LinkedHashMap<>();
        // An imported model's inputs have names that Tern can write: `a b` is a_b there.
        found.forEach((name, array) -> missing.stream()
                .filter(port -> port.name().equals(name) || port.name().equals(name.replaceAll("[^A-Za-z0-9_]", "_")))
                .findFirst().ifPresent(port -> named.put(port, array)));
        if (named.isEmpty() && missing.size() == 1) {
            ArrayFormat.inputs(found).ifPresent(array -> named.put(missing.getFirst(), array));
        }
        if (named.isEmpty()) {
            throw failure(DiagnosticCode.INPUT_UNKNOWN, "the archive holds " + String.join(", ", found.keySet())
                    + ", and no input that is left to be given", value);
        }
        named.forEach((port, array) -> arrays.put(port.name(), InputFile.array(port, file, array)));
    }

    private Port port(String name) {
        return signature.inputs().stream().filter(port -> port.name().equals(name)).findFirst().orElse(null);
    }

    private List<Port> missing() {
        return signature.inputs().stream().filter(port -> !arrays.containsKey(port.name())).toList();
    }

    private void giveUnnamed(String argument) {
        int equals = argument.indexOf('=');
        if (equals > 0 && argument.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw failure(DiagnosticCode.INPUT_UNKNOWN,
                    "the model has no input '" + argument.substring(0, equals) + "'", argument);
        }
        if (argument.endsWith(".npz")) {
            giveArchive(argument);
            return;
        }
        List<Port> missing = missing();
        if (missing.size() != 1) {
            throw failure(DiagnosticCode.INPUT_UNKNOWN,
                    missing.isEmpty()
                            ? "every input of the model is given already"
                            : "it is not clear which input this is for",
                    argument);
        }
        give(missing.getFirst(), argument);
    }

    private void give(Port port, String value) {
        if (arrays.containsKey(port.name())) {
            throw failure(DiagnosticCode.INPUT_UNKNOWN, "input '" + port.name() + "' is given twice", value);
        }
        arrays.put(port.name(), value(port, value));
    }

    private List<Object> value(Port port, String value) {
        if (number(port) && value.matches("[+-]?[0-9]{1,18}")) {
            long step = Long.parseLong(value);
            if (step < 0 || step >= port.steps()) {
                throw failure(DiagnosticCode.INPUT_UNREADABLE,
                        "step " + step + " is outside 0.." + (port.steps() - 1) + " of input '" + port + "'", value);
            }
            return List.of(new int[]{(int) step});
        }
        if (number(port) && value.matches(NUMBER) && Files.notExists(Path.of(value))) {
            throw failure(DiagnosticCode.INPUT_UNREADABLE, "a step is a whole number from 0 to " + (port.steps() - 1)
                    + ", and " + value + " is none", value);
        }
        if (value.matches(NUMBER + "(," + NUMBER + ")*") && Files.notExists(Path.of(value))) {
            return numbers(port, value);
        }
        try {
            return InputFile.read(port, Path.of(value), resize);
        } catch (InvalidPathException e) {
            throw failure(DiagnosticCode.INPUT_UNREADABLE, "this is no path of a file", value);
        }
    }

    /** Numbers in the place of a file's name. */
    private List<Object> numbers(Port port, String value) {
        double[] values = Arrays.stream(value.split(",")).mapToDouble(Double::parseDouble).toArray();
        if (values.length != port.elements()) {
            throw failure(DiagnosticCode.INPUT_MISSHAPEN, (values.length == 1
                    ? "this is one number"
                    : "these are " + values.length + " numbers") + ", and no file, where the model takes " + port,
                    value);
        }
        return List.of(Numbers.toArray(port, Path.of(value), values, -1));
    }

    private static boolean number(Port port) {
        return port.element() == Element.STEP && port.shape().isEmpty();
    }

    private void checkComplete() {
        if (!missing().isEmpty()) {
            throw failure(DiagnosticCode.INPUT_MISSING, "no value is given for "
                    + missing().stream().map(Port::toString).collect(Collectors.joining(" and for ")), "");
        }
    }

    private CompilationFailedException failure(DiagnosticCode code, String message, String argument) {
        String option = argument.isEmpty() ? "--input" : "--input " + argument;
        String usage = signature.inputs().stream()
                .map(port -> "--input " + port.name() + (number(port) ? "=NUMBER" : "=FILE"))
                .collect(Collectors.joining(" "));
        return new CompilationFailedException(Diagnostic.error(code, message, new FilePosition(option, -1, ""), "")
                .help("write " + usage + ", for " + signature));
    }
}
