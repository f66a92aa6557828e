package dev.tern.cli;

import dev.tern.importers.dataset.Contrast;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What is done to values before f32 inputs take them. */
final class ContrastOptions {
    @Option(names = "--scale", paramLabel = "X", split = ",", defaultValue = "1", description = {
        "Multiply f32 inputs first: 255 for a model of pixels 0..255; one number for each channel where they differ:"
                + " 4.37,4.46,4.44 (default: ${DEFAULT-VALUE})."})
    private List<Float> scale;

    @Option(names = "--brightness", paramLabel = "X", split = ",", defaultValue = "0", description = {
        "Then add to them, by the channel, too, where needed (default: ${DEFAULT-VALUE})."})
    private List<Float> brightness;

    /** @throws ParameterException if a number is none */
    Contrast contrast(CommandLine command) {
        try {
            return new Contrast(scale, brightness);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, "--scale and --brightness are finite numbers", e);
        }
    }
}
