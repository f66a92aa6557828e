package dev.tern.importers.export;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.OnnxFields;
import java.util.List;

/** The attributes of nodes. */
final class Attribute {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
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

    private static AttributeProto.Builder named(String name, int type) {
        return AttributeProto.newBuilder().setName(name)
                .setUnknownFields(OnnxFields.number(OnnxFields.ATTRIBUTE_TYPE, type));
    }
}
