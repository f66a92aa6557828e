package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.FunctionProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions that a file defines for itself, as torch.onnx writes modules. */
class LocalFunctionsTest {
    private static NodeProto node(String operator, String inputs, String output, AttributeProto... attributes) {
        return NodeProto.newBuilder().setOpType(operator).addAllInput(List.of(inputs.split(" "))).addOutput(output)
                .addAllAttribute(List.of(attributes)).build();
    }

    private static FunctionProto.Builder function(String name, int opset, String inputs, String outputs,
            NodeProto... nodes) {
        return FunctionProto.newBuilder().setName(name).setDomain("mine").addAllInput(List.of(inputs.split(" ")))
                .addAllOutput(List.of(outputs.split(" "))).addAllNode(List.of(nodes))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("mine").setVersion(1));
    }

    private static AttributeProto given(String name, String by) {
        return AttributeProto.newBuilder().setName(name).setRefAttrName(by).build();
    }

    /** Called twice with another slope, and once without: the same inner names do not meet. */
    @Test
    void callsTakeAttributesAndDefaults() {
        FunctionProto.Builder leaky = function("Leaky", 16, "a", "b", node("LeakyRelu", "a", "h", given("alpha",
                "slope")), node("Neg", "h", "b")).addAttributeProto(OnnxModels.decimal("slope", 0.25f));
        OnnxModels model = new OnnxModels(16).domain("mine", 1).function(leaky.build()).input("x", 1, 2)
                .output("y", 1, 2).node("mine", "Leaky", "x", "p", OnnxModels.decimal("slope", 0.5f))
                .node("mine", "Leaky", "p", "q").node("Identity", "q", "y");
        // -8: -4, then 4, then -4; 8: -8, then 2.
        assertThat(ImportedOnnx.of(model).run(-8, 8)).containsExactly(-4, 2);
    }

    /** A function may be older than its file: Clip had its bounds as attributes up to operator set 10. */
    @Test
    void functionsHaveOperatorSetsOfTheirOwn() {
        OnnxModels model = new OnnxModels(18).domain("mine", 1)
                .function(function("Outer", 18, "a", "b", NodeProto.newBuilder(node("Held", "a", "b"))
                        .setDomain("mine").build()).build())
                .function(function("Held", 10, "a", "b",
                        node("Clip", "a", "b", OnnxModels.decimal("min", -1), OnnxModels.decimal("max", 2))).build())
                .input("x", 1, 3).output("y", 1, 3).node("mine", "Outer", "x", "y");
        assertThat(ImportedOnnx.of(model).run(-5, 1, 7)).containsExactly(-1, 1, 2);
    }

    /** One that gives what it got, and leaves an input out. */
    @Test
    void inputsArePassedOn() {
        OnnxModels model = new OnnxModels(18).domain("mine", 1)
                .function(function("Same", 18, "a low high", "a c", node("Clip", "a low high", "c")).build())
                .input("x", 1, 2).output("y", 1, 2).floats("two", List.of(), 2)
                .node("mine", "Same", "x two", "s t").node("Add", "s t", "y");
        assertThat(ImportedOnnx.of(model).run(-5, 7)).containsExactly(-3, 14);
    }

    @Test
    void circlesAndFloodsAreRefused() {
        OnnxModels circle = new OnnxModels(18).domain("mine", 1)
                .function(function("Again", 18, "a", "b",
                        NodeProto.newBuilder(node("Again", "a", "b")).setDomain("mine").build()).build())
                .input("x", 1, 2).output("y", 1, 2).node("mine", "Again", "x", "y");
        assertThat(refusal(circle)).isEqualTo("the function `Again` calls itself, or functions call each other more"
                + " than 32 deep");
        OnnxModels flood = new OnnxModels(18).domain("mine", 1).input("x", 1, 2).output("y", 1, 2);
        for (int i = 0; i < 30; i++) {
            NodeProto call = NodeProto.newBuilder(node("F" + (i + 1), "a", "b")).setDomain("mine").build();
            flood.function(function("F" + i, 18, "a", "b", call, call).build());
        }
        flood.function(function("F30", 18, "a", "a").build()).node("mine", "F0", "x", "y");
        assertThat(refusal(flood)).isEqualTo("its functions are called more than 100000 times");
    }

    private static String refusal(OnnxModels model) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(ImportedOnnx.read(model.build(), diagnostics)).isEmpty();
        return diagnostics.list().getFirst().message();
    }
}
