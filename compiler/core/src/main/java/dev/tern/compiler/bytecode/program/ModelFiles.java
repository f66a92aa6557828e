package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.WeightFile;
import dev.tern.runtime.Weights;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model compiled ahead of time: a class file and, beside it, the resource it reads its weights from.
 *
 * @param resource the resource's name, relative to the class: {@code Digits.weights}
 * @param weights the resource's bytes
 */
public record ModelFiles(ClassFile classFile, String resource, byte[] weights) {
    /**
     * The files of a program. The same program gives the same bytes.
     *
     * @param packageName the class's package, {@code com.acme}; empty for none
     * @param weights what {@link ProgramWeights#of} gives for the program
     */
    public static ModelFiles of(KernelProgram program, String packageName, Weights weights) {
        String resource = program.name() + ".weights";
        byte[] bytes = WeightFile.write(weights);
        return new ModelFiles(ModelClass.named(program, packageName, resource, WeightFile.checksum(bytes)), resource,
                bytes);
    }

    /** Both files by their paths inside a jar or class folder. */
    public Map<String, byte[]> byPath() {
        String name = classFile.definition().name().internalName();
        Map<String, byte[]> files = new TreeMap<>();
        files.put(name + ".class", classFile.bytes());
        files.put(name.substring(0, name.lastIndexOf('/') + 1) + resource, weights);
        return files;
    }
}
