package dev.tern.importers.export;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.OnnxFields;
import dev.tern.importers.onnx.schema.TensorProto;
import java.util.List;

/** The attributes of nodes. */
final class Attribute {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int TENSOR = 4;
    private static final int FLOATS = 6;
    private static final int INTS = 7;

    private Attribute() {
    }

    static AttributeProto of(String name, float value) {
        return named(name, FLOAT).setF(value).build();
    }

    static AttributeProto of(String name, long value) {
        return named(name, INT).setI(value).build();
    }

    static AttributeProto of(String name, String value) {
        return named(name, STRING).setS(ByteString.copyFromUtf8(value)).build();
    }

    static AttributeProto of(String name, List<Integer> values) {
        AttributeProto.Builder attribute = named(name, INTS);
        values.forEach(attribute::addInts);
        return attribute.build();
    }

    static AttributeProto of(String name, float[] values) {
        AttributeProto.Builder attribute = named(name, FLOATS);
        for (float value : values) {
            attribute.addFloats(value);
        }
        return attribute.build();
    }

    static AttributeProto of(String name, TensorProto value) {
        return named(name, TENSOR).setT(value).build();
    }

    /** In a function: an integer that its caller gives. */
    static AttributeProto integerOfCaller(String name, String given) {
        return named(name, INT).setRefAttrName(given).build();
    }

    /** In a function: integers that its caller gives, or leaves out. */
    static AttributeProto integersOfCaller(String name) {
        return named(name, INTS).setRefAttrName(name).build();
    }

    private static AttributeProto.Builder named(String name, int type) {
        return AttributeProto.newBuilder().setName(name)
                .setUnknownFields(OnnxFields.number(OnnxFields.ATTRIBUTE_TYPE, type));
    }
}
