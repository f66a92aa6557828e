package dev.tern.cli.output;

/** Which version of the program this is, for those that ask. */
public final class ProgramVersion {
    /** As {@code tern --version} says it behind the name. */
    public static final String TEXT = "0.1.0";

    private ProgramVersion() {
    }
}
