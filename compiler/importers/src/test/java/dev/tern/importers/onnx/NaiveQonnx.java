package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.TensorProto;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/**
 * Evaluates networks of vectors node by node in double, as the specifications of ONNX and QONNX say, with nothing of
 * the importer but its reader of tensors.
 */
final class NaiveQonnx {
    private static final OnnxTensors TENSORS = new OnnxTensors((tensor, entries, bytes) -> {
        throw new IOException("kept outside: " + tensor);
    });

    /** Rows by columns; a vector is one row, a number one element. */
    private record Matrix(int rows, int columns, double[] values) {
        double at(int row, int column) {
            return values[(rows == 1 ? 0 : row) * columns + (columns == 1 ? 0 : column)];
        }
    }

    private final ModelProto model;
    private final Map<String, Matrix> constants = new HashMap<>();

    NaiveQonnx(ModelProto model) throws IOException {
        this.model = model;
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            constants.put(tensor.getName(), matrix(TENSORS.read(tensor)));
        }
    }

    private static Matrix matrix(Constant constant) {
        List<Integer> shape = constant.shape();
        double[] values = new double[constant.floats().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = constant.floats()[i];
        }
        int columns = shape.isEmpty() ? 1 : shape.getLast();
        return new Matrix(values.length / columns, columns, values);
    }

    double[] run(float[] x) throws IOException {
        Map<String, Matrix> values = new HashMap<>(constants);
        double[] input = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            input[i] = x[i];
        }
        values.put(model.getGraph().getInputList().stream().map(info -> info.getName())
                .filter(name -> !constants.containsKey(name)).findFirst().orElseThrow(),
                new Matrix(1, x.length, input));
        for (NodeProto node : model.getGraph().getNodeList()) {
            values.put(node.getOutput(0), evaluate(node, values));
        }
        return values.get(model.getGraph().getOutput(0).getName()).values();
    }

    private static Matrix evaluate(NodeProto node, Map<String, Matrix> values) throws IOException {
        Matrix[] in = node.getInputList().stream().map(values::get).toArray(Matrix[]::new);
        return switch (node.getOpType()) {
            case "Constant" -> matrix(TENSORS.read(attribute(node, "value").getT()));
            case "Add" -> each(in[0], in[1], Double::sum);
            case "Div" -> each(in[0], in[1], (a, b) -> a / b);
            case "Relu" -> each(in[0], in[0], (a, _) -> Math.max(0, a));
            case "MatMul" -> product(in[0], in[1]);
            case "Gemm" -> {
                if (!Set.of("alpha", "beta", "transB").containsAll(node.getAttributeList().stream()
                        .map(AttributeProto::getName).filter(name -> !name.equals("transA")).toList())) {
                    throw new IOException("another Gemm");
                }
                Matrix product = product(in[0], integer(node, "transB", 0) == 1 ? transposed(in[1]) : in[1]);
                yield in.length > 2 ? each(product, in[2], Double::sum) : product;
            }
            case "BatchNormalization" -> {
                double epsilon = attribute(node, "epsilon").getF();
                Matrix centred = each(in[0], in[3], (a, mean) -> a - mean);
                Matrix normal = each(centred, in[4], (a, variance) -> a / Math.sqrt(variance + epsilon));
                yield each(each(normal, in[1], (a, g) -> a * g), in[2], Double::sum);
            }
            case "Softmax" -> {
                double sum = 0;
                for (double value : in[0].values()) {
                    sum += Math.exp(value);
                }
                double all = sum;
                yield each(in[0], in[0], (a, _) -> Math.exp(a) / all);
            }
            case "BipolarQuant" -> each(in[0], in[1], (a, scale) -> a >= 0 ? scale : -scale);
            case "Quant" -> quant(node, in);
            default -> throw new IOException("the judge does not know " + node.getOpType());
        };
    }

    private static Matrix quant(NodeProto node, Matrix[] in) throws IOException {
        double bits = in[3].values()[0];
        double zero = in[2].values()[0];
        boolean signed = integer(node, "signed", 1) == 1;
        boolean narrow = integer(node, "narrow", 0) == 1;
        if (!attribute(node, "rounding_mode").getS().toStringUtf8().equals("ROUND")) {
            throw new IOException("another way of rounding");
        }
        double least = signed ? -Math.pow(2, bits - 1) + (narrow ? 1 : 0) : 0;
        double greatest = signed ? Math.pow(2, bits - 1) - 1 : Math.pow(2, bits) - (narrow ? 2 : 1);
        return each(in[0], in[1],
                (a, scale) -> (Math.rint(Math.max(least, Math.min(greatest, a / scale + zero))) - zero) * scale);
    }

    private static AttributeProto attribute(NodeProto node, String name) {
        return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst()
                .orElse(AttributeProto.getDefaultInstance());
    }

    private static long integer(NodeProto node, String name, long otherwise) {
        AttributeProto found = attribute(node, name);
        return found.getName().isEmpty() ? otherwise : found.getI();
    }

    private static Matrix transposed(Matrix x) {
        double[] values = new double[x.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = x.at(i % x.rows(), i / x.rows());
        }
        return new Matrix(x.columns(), x.rows(), values);
    }

    private static Matrix product(Matrix a, Matrix b) {
        double[] values = new double[a.rows() * b.columns()];
        for (int i = 0; i < values.length; i++) {
            for (int k = 0; k < a.columns(); k++) {
                values[i] += a.at(i / b.columns(), k) * b.at(k, i % b.columns());
            }
        }
        return new Matrix(a.rows(), b.columns(), values);
    }

    private static Matrix each(Matrix a, Matrix b, DoubleBinaryOperator function) {
        int rows = Math.max(a.rows(), b.rows());
        int columns = Math.max(a.columns(), b.columns());
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = function.applyAsDouble(a.at(i / columns, i % columns), b.at(i / columns, i % columns));
        }
        return new Matrix(rows, columns, values);
    }
}
