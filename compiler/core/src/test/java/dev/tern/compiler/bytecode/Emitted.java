package dev.tern.compiler.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Emits small pieces of code in a class of their own, checks what they print, and runs them. */
final class Emitted {
    static final ClassType NAME = new ClassType("dev/tern/compiler/bytecode/Piece");

    private Emitted() {
    }

    /** The value, executed, is the expected one, and it prints as the text. */
    static void assertExpression(Value value, Object expected, String text) {
        assertExpression(value, expected, text, List.of());
    }

    static void assertExpression(Value value, Object expected, String text, List<Local> parameters,
            Object... arguments) {
        assertThat(new JavaPrinter(NAME).text(value)).isEqualTo(text);
        assertThat(run(value.type(), parameters, body -> body.returns(value), arguments)).isEqualTo(expected);
    }

    static Object run(ValueType result, List<Local> parameters, Consumer<Block> statements, Object... arguments) {
        ClassFile file = classWith(result, parameters, statements);
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(file.bytes(), true);
            var method = Arrays.stream(lookup.lookupClass().getDeclaredMethods())
                    .filter(candidate -> candidate.getName().equals("evaluate")).findFirst().orElseThrow();
            MethodHandle handle = lookup.unreflect(method);
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(file.listing(), e);
        }
    }

    static ClassFile classWith(ValueType result, List<Local> parameters, Consumer<Block> statements) {
        return ClassEmitter.emit(definition(result, parameters, statements, MethodDefinition.KERNEL_BUDGET));
    }

    static ClassDefinition definition(ValueType result, List<Local> parameters, Consumer<Block> statements,
            int budget) {
        Block body = new Block(parameters);
        statements.accept(body);
        MethodDefinition method = new MethodDefinition(MethodDefinition.Access.PUBLIC_STATIC,
                new Routine("evaluate", parameters, result, body), budget);
        return new ClassDefinition(ClassDefinition.Visibility.PUBLIC, NAME, ClassType.OBJECT, 17, "piece.tern", List
                .of(), List.of(),
                List.of(method));
    }
}
