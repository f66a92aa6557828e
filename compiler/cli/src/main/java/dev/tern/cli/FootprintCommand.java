package dev.tern.cli;

import dev.tern.cli.output.FootprintTable;
import dev.tern.compiler.Compilation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a model takes. */
@Command(name = "footprint", description = {
    "Shows what a compiled model takes: of flash, its weights at their packed size, tables and code; of memory, the"
            + " arena of a session with what is held in it while each kernel runs. The model's budget is compared with"
            + " the weights and the arena.", ""}, //
        footer = {"", "Examples:", "  tern footprint models/digits",
            "  tern footprint models/digits --target portable"})
final class FootprintCommand extends ModelCommand {
    @Mixin
    private TargetOption target;

    @Override
    public Integer call() {
        Compilation compilation = Compilation.of(file(), target.shown(commandLine()));
        warn(compilation.warnings());
        if (json()) {
            print(FootprintTable.toJson(compilation), compilation.warnings());
        } else {
            FootprintTable.print(console(), compilation);
        }
        return ExitCode.DONE;
    }
}
