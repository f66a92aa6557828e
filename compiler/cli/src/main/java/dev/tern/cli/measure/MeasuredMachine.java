package dev.tern.cli.measure;

/**
 * What a measurement was made on.
 *
 * @param cpu the processor's own name, with the number of cores that the JVM may use
 * @param jvm vendor and version of the virtual machine
 */
public record MeasuredMachine(String cpu, String jvm) {
    /** This machine and this JVM. */
    public static MeasuredMachine current() {
        dev.tern.compiler.tuning.Machine machine = dev.tern.compiler.tuning.Machine.current();
        int cores = Runtime.getRuntime().availableProcessors();
        return new MeasuredMachine(machine.cpu() + ", " + cores + (cores == 1 ? " core" : " cores"), machine.jvm());
    }
}
