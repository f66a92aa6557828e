package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.ClassDefinition;
import dev.tern.compiler.bytecode.ClassEmitter;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * The vector code of a model that is compiled ahead of time: a class of static methods, {@code Digits$Vector512}, which
 * the model's class calls where it has chosen it, and which is not loaded elsewhere. Its weights are those of the
 * model that the other class holds.
 */
final class VectorClass {
    private final ClassScope scope;
    private final Callee model;
    private final MethodDefinition finite;

    /** @param model gives the model, a method of the class that calls this one */
    VectorClass(KernelProgram program, JvmType.ClassType name, Callee model) {
        this.scope = new ClassScope(program, name);
        this.model = model;
        this.finite = new FiniteCheck(program.target()).method(Access.STATIC);
    }

    /** The class of a program, beside the model's class. */
    static JvmType.ClassType name(JvmType.ClassType modelClass, KernelProgram program) {
        return new JvmType.ClassType(modelClass.internalName() + "$Vector" + program.target().vectorBits());
    }

    /**
     * The methods of a session that run the kernels of this class, which are written with them.
     *
     * @param session the class that they are methods of
     */
    List<MethodDefinition> inference(JvmType.ClassType session, String suffix, double worthSharing) {
        return new InferenceMethods(scope, session, suffix, worthSharing).all();
    }

    /** Whether no value of a range of an array is a NaN or an infinity. */
    Callee finite() {
        return Callee.of(scope.name(), finite);
    }

    /** The class, once the kernels are written. */
    ClassFile emit() {
        WeightFields weights = new WeightFields(scope);
        Block body = new Block(List.of());
        weights.assign(body, model.call());
        List<MethodDefinition> methods = new ArrayList<>();
        methods.add(new MethodDefinition(Access.INITIALIZER, "initializer", List.of(), JvmType.VOID, body,
                MethodDefinition.INITIALIZER_LIMIT));
        methods.add(finite);
        methods.addAll(scope.methods());
        return ClassEmitter.emit(new ClassDefinition(ClassDefinition.Visibility.PACKAGE, scope.name(),
                JvmType.OBJECT, scope.sourceFile(), weights.fields(), methods));
    }
}
