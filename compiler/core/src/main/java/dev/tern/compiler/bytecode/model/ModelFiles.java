package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.Signature;
import dev.tern.runtime.WeightFile;
import dev.tern.runtime.Weights;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A model compiled ahead of time: a class file and, beside it, the resource it reads its weights from. It may have
 * vector code, more such classes each with its resource, of which the first chooses one where it can run.
 */
public record ModelFiles(Form own, List<Form> vectors) {
    public ModelFiles {
        vectors = List.copyOf(vectors);
    }

    /**
     * One form of the model's code.
     *
     * @param resource the name of the weights' resource, relative to the class: {@code Digits.weights}
     * @param weights the resource's bytes
     * @param signature what they say of the model
     */
    public record Form(ClassFile classFile, String resource, byte[] weights, Signature signature) {
        private void addTo(Map<String, byte[]> files) {
            String name = classFile.definition().name().internalName();
            files.put(name + ".class", classFile.bytes());
            files.put(name.substring(0, name.lastIndexOf('/') + 1) + resource, weights);
        }
    }

    /**
     * A program and all of it that is data.
     *
     * @param weights what {@link ProgramWeights#of} gives for the program
     */
    public record Source(KernelProgram program, Weights weights) {
    }

    /**
     * The files of a model as one or more programs. The same programs give the same bytes.
     *
     * @param own what runs anywhere if there are others
     * @param vectors the same for targets with vectors, each of another width
     * @param className which says nothing against itself
     */
    public static ModelFiles of(Source own, List<Source> vectors, ClassName className) {
        JvmType.ClassType name = ModelClass.name(className.packageName(), className.simpleName());
        Weighted first = new Weighted(own, name);
        if (vectors.isEmpty()) {
            return new ModelFiles(first.form(ModelClass.named(own.program(), name, first.resource())), List.of());
        }
        List<Weighted> others = vectors.stream()
                .map(source -> new Weighted(source, ModelClass.vectorName(name, source.program()))).toList();
        List<ClassFile> files = ModelClass.named(own.program(), name, first.resource(), others.stream()
                .map(other -> new ModelClass.VectorForm(other.source.program(), other.resource())).toList());
        return new ModelFiles(first.form(files.getFirst()), IntStream.range(0, others.size())
                .mapToObj(i -> others.get(i).form(files.get(i + 1))).toList());
    }

    /** A program's weight file, named as its class. */
    private record Weighted(Source source, String name, byte[] bytes) {
        Weighted(Source source, JvmType.ClassType type) {
            this(source, type + ".weights", WeightFile.write(source.weights()));
        }

        WeightResource resource() {
            return new WeightResource(name, WeightFile.checksum(bytes));
        }

        Form form(ClassFile file) {
            return new Form(file, name, bytes, source.weights().signature());
        }
    }

    /** All files by their paths inside a jar or class folder. */
    public Map<String, byte[]> byPath() {
        Map<String, byte[]> files = new TreeMap<>();
        own.addTo(files);
        vectors.forEach(form -> form.addTo(files));
        return files;
    }
}
