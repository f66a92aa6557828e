package dev.tern.importers.export;

import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.expansion.GroupNorm;
import dev.tern.compiler.graph.expansion.L2Norm;
import dev.tern.compiler.graph.expansion.LayerNorm;
import dev.tern.compiler.graph.expansion.RmsNorm;
import dev.tern.importers.onnx.schema.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Norms, and what else looks at whole rows. */
record NormExport(Translation translation, AxisOrder layout) {
    private OnnxGraph out() {
        return translation.out();
    }

    private String last(ValueId id) {
        return translation.numbers(id, AxisOrder.LAST);
    }

    private String vector(ValueId id, String name) {
        float[] values = translation.floats(id);
        return out().floats(name, List.of(values.length), values);
    }

    /** ONNX has the channels at axis 1: of other than three axes they go there and back. */
    String batchNorm(Node node, Operation.BatchNorm norm) {
        List<String> numbers = List.of(vector(norm.gamma(), "gamma"), vector(norm.beta(), "beta"),
                vector(norm.mean(), "mean"), vector(norm.variance(), "variance"));
        return atAxisOne(norm.x(), node.type().shape(), "BatchNormalization", numbers,
                Attribute.of("epsilon", (float) norm.epsilon()));
    }

    private String atAxisOne(ValueId x, Shape shape, String operator, List<String> numbers,
            AttributeProto... attributes) {
        List<String> operands = new ArrayList<>();
        int rank = shape.rank();
        boolean turned = layout == AxisOrder.LAST && rank > 1;
        if (turned) {
            List<Integer> there = new ArrayList<>(List.of(0, rank));
            for (int axis = 1; axis < rank; axis++) {
                there.add(axis);
            }
            operands.add(out().node("Transpose", List.of(last(x)), Attribute.of("perm", there)));
        } else {
            operands.add(translation.numbers(x, layout));
        }
        operands.addAll(numbers);
        String result = out().node(operator, operands, attributes);
        if (!turned) {
            return result;
        }
        List<Integer> back = new ArrayList<>(List.of(0));
        for (int axis = 2; axis <= rank; axis++) {
            back.add(axis);
        }
        back.add(1);
        return out().node("Transpose", List.of(result), Attribute.of("perm", back));
    }

    String layerNorm(Operation.Composite norm, LayerNorm rule) {
        return out().node("LayerNormalization", List.of(last(norm.operands().get(0)),
                vector(norm.operands().get(1), "gamma"), vector(norm.operands().get(2), "beta")),
                Attribute.of("axis", -1), Attribute.of("epsilon", (float) rule.epsilon()));
    }

    /** An operator of its own from version 23 on. */
    String rmsNorm(Operation.Composite norm, RmsNorm rule) {
        String x = last(norm.operands().get(0));
        String gamma = vector(norm.operands().get(1), "gamma");
        if (translation.options().opset() >= 23) {
            return out().node("RMSNormalization", List.of(x, gamma), Attribute.of("axis", -1),
                    Attribute.of("epsilon", (float) rule.epsilon()));
        }
        String square = out().node("ReduceMean",
                List.of(out().node("Mul", List.of(x, x)), out().list("axes", List.of(-1))),
                Attribute.of("keepdims", 1));
        String root = out().node("Sqrt",
                List.of(out().node("Add", List.of(square, out().scalar((float) rule.epsilon())))));
        return out().node("Mul", List.of(out().node("Div", List.of(x, root)), gamma));
    }

    /** Operator sets before 21 have a factor and a summand for each group, not for each channel. */
    String groupNorm(Operation.Composite norm, GroupNorm rule) {
        ValueId x = norm.operands().get(0);
        AttributeProto groups = Attribute.of("num_groups", rule.groups());
        AttributeProto epsilon = Attribute.of("epsilon", (float) rule.epsilon());
        if (translation.options().opset() >= 21) {
            return atAxisOne(x, translation.shape(x), "GroupNormalization",
                    List.of(vector(norm.operands().get(1), "gamma"), vector(norm.operands().get(2), "beta")), groups,
                    epsilon);
        }
        float[] ones = new float[rule.groups()];
        Arrays.fill(ones, 1);
        List<Integer> each = List.of(rule.groups());
        String normal = atAxisOne(x, translation.shape(x), "GroupNormalization",
                List.of(out().floats("ones", each, ones), out().floats("zeros", each, new float[rule.groups()])),
                groups, epsilon);
        String scaled = out().node("Mul", List.of(normal, translation.perChannel(norm.operands().get(1), layout)));
        return out().node("Add", List.of(scaled, translation.perChannel(norm.operands().get(2), layout)));
    }

    String l2Norm(Operation.Composite norm, L2Norm rule) {
        String x = last(norm.operands().getFirst());
        String length = out().node("ReduceL2", List.of(x, out().list("axes", List.of(-1))),
                Attribute.of("keepdims", 1));
        return out().node("Div", List.of(x, out().node("Max", List.of(length, out().scalar(rule.epsilon())))));
    }

    String rowStatistic(Operation.RowStatistic statistic) {
        String x = last(statistic.x());
        String of = switch (statistic.statistic()) {
            case MEAN -> x;
            case MEAN_SQUARE -> out().node("Mul", List.of(x, x));
        };
        return out().node("ReduceMean", List.of(of, out().list("axes", List.of(-1))), Attribute.of("keepdims", 1));
    }

    String softmax(Operation.Softmax softmax) {
        return out().node("Softmax", List.of(last(softmax.x())), Attribute.of("axis", -1));
    }

    String argMax(Operation.ArgMax argMax) {
        return out().node("ArgMax", List.of(last(argMax.x())), Attribute.of("axis", -1),
                Attribute.of("keepdims", 0));
    }
}
