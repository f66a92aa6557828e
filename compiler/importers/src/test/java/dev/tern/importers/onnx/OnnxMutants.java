package dev.tern.importers.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.GraphProto;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.TensorProto;
import dev.tern.importers.onnx.schema.TensorShapeProto;
import dev.tern.importers.onnx.schema.ValueInfoProto;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes files a little: bytes of them, or what they say. */
final class OnnxMutants {
    private static final long[] AWKWARD = {0, 1, -1, 2, 3, -2, 7, 255, 1 << 16, 1 << 24, Integer.MAX_VALUE,
        Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final float[] AWKWARD_REALS = {0, -0f, 1, -1, 0.5f, 1e-30f, 1e30f, Float.NaN,
        Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    private static final List<String> OPERATORS = List.copyOf(OperatorTable.standard());
    private static final List<String> QONNX = List.of("Quant", "BipolarQuant", "Trunc", "MultiThreshold", "Im2Col",
            "XnorPopcountMatMul", "QuantAvgPool2d", "MaxPoolNHWC", "Conv", "FloatQuant");

    private final SplittableRandom random;

    OnnxMutants(SplittableRandom random) {
        this.random = random;
    }

    byte[] of(byte[] model) {
        if (random.nextInt(3) == 0) {
            return bytes(model);
        }
        try {
            ModelProto.Builder changed = ModelProto.parseFrom(model).toBuilder();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                change(changed);
            }
            return changed.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            return bytes(model);
        }
    }

    private byte[] bytes(byte[] model) {
        byte[] changed = model.clone();
        for (int i = random.nextInt(1, 5); i > 0 && changed.length > 0; i--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(4)) {
                case 0 -> changed[at] = (byte) random.nextInt(256);
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed = Arrays.copyOf(changed, Math.max(1, at));
                default -> {
                    byte[] longer = new byte[changed.length + 1];
                    System.arraycopy(changed, 0, longer, 0, at);
                    longer[at] = (byte) random.nextInt(256);
                    System.arraycopy(changed, at, longer, at + 1, changed.length - at);
                    changed = longer;
                }
            }
        }
        return changed;
    }

    private void change(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        int nodes = graph.getNodeCount();
        int tensors = graph.getInitializerCount();
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                if (nodes > 0) {
                    change(graph, graph.getNodeBuilder(random.nextInt(nodes)));
                }
            }
            case 3, 4 -> {
                if (tensors > 0) {
                    change(graph.getInitializerBuilder(random.nextInt(tensors)));
                }
            }
            case 5 -> {
                if (model.getOpsetImportCount() > 0) {
                    model.getOpsetImportBuilder(random.nextInt(model.getOpsetImportCount()))
                            .setVersion(random.nextInt(0, 26));
                }
            }
            case 6 -> {
                if (graph.getInputCount() > 0) {
                    change(graph.getInputBuilder(random.nextInt(graph.getInputCount())));
                }
            }
            default -> {
                if (nodes > 0) {
                    NodeProto copy = graph.getNode(random.nextInt(nodes));
                    graph.addNode(random.nextInt(nodes + 1), copy);
                }
            }
        }
    }

    private void change(GraphProto.Builder graph, NodeProto.Builder node) {
        switch (random.nextInt(6)) {
            case 0 -> node.setOpType(OPERATORS.get(random.nextInt(OPERATORS.size())));
            case 1 -> node.setDomain("qonnx.custom_op.general").setOpType(QONNX.get(random.nextInt(QONNX.size())));
            case 2 -> {
                if (node.getInputCount() > 0) {
                    node.setInput(random.nextInt(node.getInputCount()), name(graph));
                }
            }
            case 3 -> node.addInput(random.nextInt(4) == 0 ? "" : name(graph));
            default -> {
                if (node.getAttributeCount() > 0) {
                    change(node.getAttributeBuilder(random.nextInt(node.getAttributeCount())));
                } else {
                    node.addAttribute(OnnxModels.integer(random.nextBoolean() ? "axis" : "keepdims", awkward()));
                }
            }
        }
    }

    /** What a node may read. */
    private String name(GraphProto.Builder graph) {
        int nodes = graph.getNodeCount();
        int tensors = graph.getInitializerCount();
        if (nodes > 0 && random.nextBoolean()) {
            NodeProto of = graph.getNode(random.nextInt(nodes));
            return of.getOutputCount() > 0 ? of.getOutput(0) : "";
        }
        if (tensors > 0 && random.nextBoolean()) {
            return graph.getInitializer(random.nextInt(tensors)).getName();
        }
        return graph.getInputCount() > 0 ? graph.getInput(random.nextInt(graph.getInputCount())).getName() : "";
    }

    private long awkward() {
        return AWKWARD[random.nextInt(AWKWARD.length)];
    }

    private void change(AttributeProto.Builder attribute) {
        if (attribute.getIntsCount() > 0) {
            int at = random.nextInt(attribute.getIntsCount());
            if (random.nextBoolean()) {
                attribute.setInts(at, awkward());
            } else {
                attribute.addInts(awkward());
            }
        } else if (attribute.hasT()) {
            change(attribute.getTBuilder());
        } else if (attribute.hasS()) {
            attribute.setS(ByteString.copyFromUtf8(random.nextBoolean() ? "" : "SAME_LOWER"));
        } else if (attribute.hasF()) {
            attribute.setF(AWKWARD_REALS[random.nextInt(AWKWARD_REALS.length)]);
        } else {
            attribute.setI(awkward());
        }
    }

    private void change(TensorProto.Builder tensor) {
        switch (random.nextInt(5)) {
            case 0 -> tensor.setDataType(random.nextInt(0, 27));
            case 1 -> {
                if (tensor.getDimsCount() > 0) {
                    tensor.setDims(random.nextInt(tensor.getDimsCount()), awkward());
                }
            }
            case 2 -> tensor.addDims(random.nextInt(3));
            case 3 -> {
                if (tensor.getInt64DataCount() > 0) {
                    tensor.setInt64Data(random.nextInt(tensor.getInt64DataCount()), awkward());
                }
            }
            default -> {
                byte[] raw = tensor.getRawData().toByteArray();
                if (raw.length > 0) {
                    raw[random.nextInt(raw.length)] = (byte) random.nextInt();
                    tensor.setRawData(ByteString.copyFrom(raw));
                }
            }
        }
    }

    private void change(ValueInfoProto.Builder input) {
        TensorShapeProto.Builder shape = input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
        if (shape.getDimCount() > 0 && random.nextBoolean()) {
            shape.getDimBuilder(random.nextInt(shape.getDimCount())).setDimValue(random.nextInt(0, 9));
        } else if (random.nextBoolean()) {
            shape.addDimBuilder().setDimValue(awkward());
        } else {
            input.getTypeBuilder().getTensorTypeBuilder().setElemType(random.nextInt(0, 20));
        }
    }
}
