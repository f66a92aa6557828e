package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.catalogue.ForeignWords;
import dev.tern.compiler.analysis.catalogue.Shapes;
import dev.tern.compiler.analysis.catalogue.TypeNames;
import dev.tern.compiler.analysis.resolve.BlockDefinition;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Identifier;
import dev.tern.compiler.syntax.Statement;
import dev.tern.compiler.syntax.TypeSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Types as they are declared: read for inputs, matched against values for operands and results. */
final class DeclaredTypes {
    private static final Map<String, ElementType> INPUT_ELEMENTS = Map.of("f32", ElementType.F32, "u8",
            new ElementType.Code(8, false), "i8", new ElementType.Code(8, true));
    /** Of what the frames of a stream may be. */
    private static final Set<String> FRAME_ELEMENTS = Set.of("f32", "u8", "i8");
    private static final String STEP = "step";
    private static final String INDEX = "index";
    private static final String INTEGER = "i32";

    private final EvaluationState evaluation;
    private final Frame frame;
    private final ExpressionEvaluator expressions;

    DeclaredTypes(EvaluationState evaluation, Frame frame, ExpressionEvaluator expressions) {
        this.evaluation = evaluation;
        this.frame = frame;
        this.expressions = expressions;
    }

    /** The type of a model's input. @return empty if an error was reported */
    Optional<TensorType> input(Declaration.DeclaredParameter parameter) {
        if (!(parameter.type() instanceof TypeSyntax.TensorSyntax declared)) {
            return Optional.empty();
        }
        List<Long> dimensions = new ArrayList<>();
        parameter.frames().ifPresent(dimensions::add);
        if (parameter.frames().isPresent() && (!FRAME_ELEMENTS.contains(declared.element().text())
                || declared.dimensions().isEmpty())) {
            report(Diagnostic.error(DiagnosticCode.ELEMENT_MISMATCH,
                    "the frames of a stream cannot be `" + declared.span().text() + "`", declared.span(), "")
                    .help("a frame is a vector or more of f32, u8 or i8: `frame: f32[40] over 30`"));
            return Optional.empty();
        }
        if (parameter.frames().isPresent() && parameter.frames().getAsLong() < 2) {
            report(Diagnostic.error(DiagnosticCode.BAD_SHAPE, "a stream is seen over two frames or more",
                    parameter.span(), "").help("a model of each frame alone takes `" + declared.span().text() + "`"));
            return Optional.empty();
        }
        for (Expression dimension : declared.dimensions()) {
            if (dimension instanceof Expression.Inferred) {
                report(Diagnostic.error(DiagnosticCode.BAD_SHAPE, "the dimensions of a model's input are numbers",
                        dimension.span(), ""));
                return Optional.empty();
            }
            Optional<Long> size = size(dimension);
            if (size.isEmpty()) {
                return Optional.empty();
            }
            dimensions.add(size.get());
        }
        String what = "the input `" + parameter.name().text() + "`";
        Optional<Shape> shape = Shapes.of(what, declared.span(), this::report,
                dimensions.stream().mapToLong(d -> d).toArray());
        String element = declared.element().text();
        if (element.equals(STEP)) {
            if (dimensions.size() != 1) {
                return wrongElement(declared, "a step has one number, how many there are: `step[100]`");
            }
            return shape.map(s -> new TensorType(new ElementType.StepIndex(s.dimension(0)), Shape.scalar()));
        }
        if (element.equals(INDEX)) {
            if (dimensions.isEmpty()) {
                return wrongElement(declared, "how many entries there are comes first, then the shape: "
                        + "`index[1000, 16]` is 16 numbers from 0 to 999");
            }
            return shape.map(s -> new TensorType(new ElementType.StepIndex(s.dimension(0)), s.withoutFirst()));
        }
        ElementType known = INPUT_ELEMENTS.get(element);
        if (known == null) {
            String written = declared.span().text();
            return wrongElement(declared, ForeignWords.type(element).filter(ours -> written.startsWith(element))
                    .map(ours -> ours.equals(STEP)
                            ? "whole numbers name the entries of a table, and say how many there are: "
                                    + "`index[1000, 16]` is 16 of 0..999, `step[100]` one of 0..99"
                            : "in Tern this is `" + ours + written.substring(element.length()) + "`")
                    .orElse("an input is f32, u8, i8, step or index"));
        }
        return shape.map(s -> new TensorType(known, s));
    }

    private Optional<TensorType> wrongElement(TypeSyntax.TensorSyntax declared, String help) {
        report(Diagnostic.error(DiagnosticCode.ELEMENT_MISMATCH,
                "an input cannot be of type `" + declared.span().text() + "`", declared.span(), "").help(help));
        return Optional.empty();
    }

    /** A dimension as a number. @return empty if an error was reported */
    private Optional<Long> size(Expression dimension) {
        Optional<KnownValue> constant = expressions.constant(dimension);
        if (constant.isPresent() && !(constant.get() instanceof KnownValue.Whole)) {
            report(Diagnostic.error(DiagnosticCode.BAD_SHAPE,
                    "a dimension is a whole number, not " + constant.get().describe(), dimension.span(), ""));
        }
        return constant.flatMap(c -> c instanceof KnownValue.Whole(long value) ? Optional.of(value) : Optional.empty());
    }

    /** Gives the names among a block's dimensions the sizes of a value. */
    void bind(TypeSyntax.TensorSyntax declared, TensorType actual) {
        List<Long> sizes = sizes(actual);
        if (sizes.size() == declared.dimensions().size()) {
            for (int i = 0; i < sizes.size(); i++) {
                if (declared.dimensions().get(i) instanceof Expression.Name(Identifier name)) {
                    frame.define(name.text(), new KnownValue.Whole(sizes.get(i)));
                }
            }
        }
    }

    /** Of a step or an index the number of entries counts as the first dimension, which is how it is declared. */
    private static List<Long> sizes(TensorType type) {
        List<Long> sizes = new ArrayList<>();
        if (type.element() instanceof ElementType.StepIndex(int count)) {
            sizes.add((long) count);
        }
        for (int dimension : type.shape().toArray()) {
            sizes.add((long) dimension);
        }
        return sizes;
    }

    /** Whether a block's input takes an operand; reports at the application where it does not. */
    boolean accepts(BlockDefinition block, Declaration.DeclaredParameter parameter, Operand operand,
            SourceSpan application,
            Frame caller) {
        TensorType actual = operand.value().type();
        Optional<String> expected = mismatch((TypeSyntax.TensorSyntax) parameter.type(), actual);
        expected.ifPresent(type -> evaluation.report(caller, Diagnostic
                .error(code((TypeSyntax.TensorSyntax) parameter.type(), actual),
                        "`" + block.name() + "` needs " + type + " for `" + parameter.name().text() + "`, but gets "
                                + TypeNames.of(actual),
                        application, "")
                .alsoAt(operand.span(), "this is " + TypeNames.of(actual))
                .alsoAt(parameter.span(), "declared here")));
        return expected.isEmpty();
    }

    /** Whether a result has its declared type; reports at the declaration where it has not. */
    boolean gives(Declaration declaration, Declaration.Result result, TensorValue value) {
        TensorType actual = value.type();
        Optional<String> expected = switch (result.type()) {
            case TypeSyntax.TensorSyntax declared -> mismatch(declared, actual);
            case TypeSyntax.ScalarSyntax scalar -> scalarMismatch(scalar, actual);
        };
        expected.ifPresent(type -> {
            Diagnostic wrong = Diagnostic.error(
                    result.type() instanceof TypeSyntax.TensorSyntax declared
                            ? code(declared, actual)
                            : DiagnosticCode.ELEMENT_MISMATCH,
                    "`" + result.name().text() + "` is declared as " + type + ", but is " + TypeNames.of(actual),
                    result.type().span(), "declared here");
            for (Statement statement : declaration.statements()) {
                if (statement instanceof Statement.Binding binding
                        && binding.name().text().equals(result.name().text())) {
                    wrong = wrong.alsoAt(binding.name().span(), "this is " + TypeNames.of(actual));
                }
            }
            report(wrong);
        });
        return expected.isEmpty();
    }

    private static Optional<String> scalarMismatch(TypeSyntax.ScalarSyntax scalar, TensorType actual) {
        String name = scalar.name().text();
        boolean fits = actual.shape().rank() == 0 && element(name, actual.element());
        return fits ? Optional.empty() : Optional.of(name);
    }

    private static boolean element(String name, ElementType actual) {
        return switch (actual) {
            case ElementType.StepIndex _ -> name.equals(STEP) || name.equals(INDEX);
            case ElementType.Accumulator _ -> name.equals(INTEGER);
            case ElementType.F32 _,ElementType.Code _ -> actual.equals(INPUT_ELEMENTS.get(name));
        };
    }

    private static DiagnosticCode code(TypeSyntax.TensorSyntax declared, TensorType actual) {
        return element(declared.element().text(), actual.element())
                ? DiagnosticCode.SHAPE_MISMATCH
                : DiagnosticCode.ELEMENT_MISMATCH;
    }

    /** The declared type with its names filled in, if the actual one differs from it. */
    private Optional<String> mismatch(TypeSyntax.TensorSyntax declared, TensorType actual) {
        List<Long> sizes = sizes(actual);
        boolean fits = element(declared.element().text(), actual.element())
                && sizes.size() == declared.dimensions().size();
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < declared.dimensions().size(); i++) {
            Expression dimension = declared.dimensions().get(i);
            if (dimension instanceof Expression.Inferred) {
                shown.add("_");
                continue;
            }
            boolean unbound = dimension instanceof Expression.Name(Identifier name)
                    && !(frame.value(name.text()) instanceof KnownValue);
            Optional<Long> size = unbound ? Optional.empty() : size(dimension);
            shown.add(size.map(Object::toString).orElseGet(() -> dimension.span().text()));
            // Where the size itself was wrong, that was reported and the value is not usable.
            fits &= size.isPresent() && i < sizes.size() && size.get().equals(sizes.get(i));
        }
        return fits ? Optional.empty() : Optional.of(declared.element().text() + shown);
    }

    private void report(Diagnostic diagnostic) {
        evaluation.report(frame, diagnostic);
    }
}
