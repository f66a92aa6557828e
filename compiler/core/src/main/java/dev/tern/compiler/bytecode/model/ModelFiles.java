package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.ClassLimitException;
import dev.tern.compiler.bytecode.ClassType;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.StoredConstants;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Signature;
import dev.tern.runtime.StoredWeights;
import dev.tern.runtime.WeightFile;
import dev.tern.runtime.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model compiled ahead of time: a class file and, beside it, the resource it reads its weights from. It may have
 * vector code, more such classes, of which the first chooses one where it can run; all read the one resource.
 *
 * @param resource the name of the weights' resource, relative to the classes: {@code Digits.weights}
 * @param weights the resource's bytes
 * @param weightBytes what the weights take in it, without what the file tells of them
 */
public record ModelFiles(Form own, List<Form> vectors, String resource, byte[] weights, long weightBytes) {
    public ModelFiles {
        vectors = List.copyOf(vectors);
    }

    /**
     * One form of the model's code.
     *
     * @param signature what the weight file says of it
     */
    public record Form(ClassFile classFile, Signature signature) {
        private String path() {
            return classFile.definition().name().internalName();
        }
    }

    /**
     * A program and all of it that is data.
     *
     * @param weights what {@link ProgramWeights#of} gives for the program
     */
    public record Source(KernelProgram program, Weights weights) {
        private StoredWeights.Form form(StoredConstants stored) {
            return new StoredWeights.Form(weights.signature(), weights.arena(), program.constants().stream()
                    .map(constant -> new StoredWeights.Made(stored.index(constant), constant.stored().layout()))
                    .toList());
        }
    }

    /**
     * The files of a model as one or more programs. The same programs give the same bytes.
     *
     * @param own what runs anywhere if there are others
     * @param vectors the same for targets with vectors, each of another width
     * @param className which says nothing against itself
     * @throws ClassLimitException if a class file cannot hold one of them
     */
    public static ModelFiles of(Source own, List<Source> vectors, ClassName className) {
        List<Source> all = Stream.concat(Stream.of(own), vectors.stream()).toList();
        StoredConstants stored = new StoredConstants(all.stream().map(Source::program).toList());
        byte[] weights = WeightFile.write(
                new StoredWeights(stored.entries().stream().map(StoredConstants.Entry::array).toList(),
                        all.stream().map(source -> source.form(stored)).toList()));
        ClassType name = modelClass(className);
        WeightResource resource = new WeightResource(name + ".weights", WeightFile.checksum(weights));
        List<ClassFile> files = ModelClass.named(all.stream().map(Source::program).toList(), name, resource);
        List<Form> forms = new ArrayList<>();
        IntStream.range(0, all.size())
                .forEach(i -> forms.add(new Form(files.get(i), all.get(i).weights().signature())));
        return new ModelFiles(forms.getFirst(), forms.subList(1, forms.size()), resource.name(), weights,
                stored.bytes());
    }

    /** The class with the vector code for a target, beside that of a model. */
    public static ClassType vectorClass(ClassName className, Target target) {
        return ModelClass.vectorName(modelClass(className), target);
    }

    private static ClassType modelClass(ClassName className) {
        return ModelClass.name(className.packageName(), className.simpleName());
    }

    /** All files by their paths inside a jar or class folder. */
    public Map<String, byte[]> byPath() {
        Map<String, byte[]> files = new TreeMap<>();
        Stream.concat(Stream.of(own), vectors.stream())
                .forEach(form -> files.put(form.path() + ".class", form.classFile().bytes()));
        files.put(own.path().substring(0, own.path().lastIndexOf('/') + 1) + resource, weights);
        return files;
    }
}
