package dev.tern.importers.onnx.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.List;

/** Fields of ONNX's messages that readers may skip, and so Tern's schema leaves out, by their numbers. */
public final class OnnxFields {
    /** ModelProto.doc_string. */
    public static final int MODEL_DOCUMENTATION = 6;
    /** ModelProto.metadata_props: messages of a key (1) and a value (2). */
    public static final int MODEL_METADATA = 14;
    /** FunctionProto.doc_string. */
    public static final int FUNCTION_DOCUMENTATION = 8;
    /** AttributeProto.type: 1 a float, 2 an integer, 3 a string, 4 a tensor, 6 floats, 7 integers. */
    public static final int ATTRIBUTE_TYPE = 20;

    private OnnxFields() {
    }

    /** A field of a number. */
    public static UnknownFieldSet number(int field, long value) {
        return UnknownFieldSet.newBuilder().addField(field, Field.newBuilder().addVarint(value).build()).build();
    }

    /** A field of a text. */
    public static UnknownFieldSet text(int field, String value) {
        return bytes(field, ByteString.copyFromUtf8(value));
    }

    /** A field of bytes, or of a message. */
    public static UnknownFieldSet bytes(int field, ByteString value) {
        return UnknownFieldSet.newBuilder().addField(field, Field.newBuilder().addLengthDelimited(value).build())
                .build();
    }

    /** What a message has of a field of texts or messages. */
    public static List<ByteString> read(UnknownFieldSet fields, int field) {
        return fields.getField(field).getLengthDelimitedList();
    }
}
