package dev.tern.cli;

import dev.tern.languageserver.TernLanguageServer;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Speaks with an editor. */
@Command(name = "lsp", description = {
    "Speaks the Language Server Protocol over standard input and output, for editors: diagnostics, shapes and schemes"
            + " under the pointer, completion, layout and outline of the texts that they have open.",
    "", "Ends with the editor. grammar/editors/README.md says how editors start it.", ""}, //
        footer = {"", "Example:", "  tern lsp < session.txt"})
final class LspCommand implements Callable<Integer> {
    @ParentCommand
    private TernCommand tern;

    @Option(names = "--stdio", description = "What happens anyway; many editors say it.")
    private boolean standardStreams;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = tern.console().out();
        PrintStream before = System.out;
        // Whatever else prints must not print between the messages.
        System.setOut(tern.console().err());
        try {
            return TernLanguageServer.serve(System.in, out) ? ExitCode.DONE : ExitCode.WRONG_MODEL;
        } finally {
            System.setOut(before);
        }
    }
}
