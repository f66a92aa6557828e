package dev.tern.compiler.facade;

import com.palantir.javapoet.CodeBlock;
import dev.tern.runtime.Signature;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the facade's Javadoc says of a model and its ports. */
final class FacadeDoc {
    private FacadeDoc() {
    }

    /** Of the class. */
    static CodeBlock of(Signature signature, List<FacadePort> inputs, List<FacadePort> outputs) {
        StringBuilder text = new StringBuilder();
        text.append(signature.documentation().isBlank()
                ? "The network {@code " + signature.model() + "}."
                : escaped(signature.documentation()));
        text.append("\n\n<p>{@code ").append(signature)
                .append("}\n\n<table>\n<caption>Inputs and outputs</caption>\n");
        inputs.forEach(port -> text.append(row("input", port)));
        outputs.forEach(port -> text.append(row("output", port)));
        text.append("</table>\n\n");
        text.append(String.format(Locale.ROOT,
                "<p>Arrays are row-major, channels last. Weights are shared by all objects; each object has working"
                        + " memory of its own\nand is for one thread at a time. In plain loops they take %,d and %,d"
                        + " bytes. Methods that are given their output arrays\nallocate nothing.\n",
                signature.weightBytes(), signature.arenaBytes()));
        return CodeBlock.of("$L", text);
    }

    private static String row(String kind, FacadePort port) {
        String labels = port.port().labels().isEmpty()
                ? ""
                : port.port().labels().stream().limit(12).map(FacadeDoc::escaped)
                        .collect(Collectors.joining(", ", " (", port.port().labels().size() > 12 ? ", ...)" : ")"));
        return "<tr><td>" + kind + "</td><td>{@code " + port.port() + "}</td><td>"
                + escaped(port.port().documentation()) + labels + "</td></tr>\n";
    }

    /** Of one port, in a line. */
    static String of(FacadePort port, String what) {
        String documentation = port.port().documentation().isBlank()
                ? ""
                : "; " + escaped(port.port().documentation().replace('\n', ' '));
        return what + " {@code " + port.port() + "}" + documentation;
    }

    /** Text that Javadoc shows as it is. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
                .replace("*/", "*&#47;").replace("{", "&#123;").replace("}", "&#125;").replace("\\", "&#92;");
    }
}
