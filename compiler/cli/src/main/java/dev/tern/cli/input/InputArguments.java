package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The values of {@code --input}: {@code image=a.png}, {@code t=5} for a step, or the file alone where only one input is
 * left to be given.
 */
public final class InputArguments {
    private final Signature signature;
    private final boolean resize;
    private final Map<String, Object> arrays = new LinkedHashMap<>();

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
        return signature.inputs().stream().map(port -> inputs.arrays.get(port.name())).toArray();
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

    private Object value(Port port, String value) {
        if (port.element() == Element.STEP && value.matches("[+-]?[0-9]{1,18}")) {
            long step = Long.parseLong(value);
            if (step < 0 || step >= port.steps()) {
                throw failure(DiagnosticCode.INPUT_UNREADABLE,
                        "step " + step + " is outside 0.." + (port.steps() - 1) + " of input '" + port + "'", value);
            }
            return new int[]{(int) step};
        }
        try {
            return InputFile.read(port, Path.of(value), resize);
        } catch (InvalidPathException e) {
            throw failure(DiagnosticCode.INPUT_UNREADABLE, "this is no path of a file", value);
        }
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
                .map(port -> "--input " + port.name() + (port.element() == Element.STEP ? "=NUMBER" : "=FILE"))
                .collect(Collectors.joining(" "));
        return new CompilationFailedException(Diagnostic.error(code, message, new FilePosition(option, -1, ""), "")
                .help("write " + usage + ", for " + signature));
    }
}
