package dev.tern.importers.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

/** Fields of ONNX's messages that readers of it may skip, and so Tern's schema leaves out, but that files must have. */
final class WriterFields {
    /** ModelProto.doc_string. */
    static final int MODEL_DOCUMENTATION = 6;
    /** ModelProto.metadata_props: messages of a key (1) and a value (2). */
    static final int MODEL_METADATA = 14;
    /** AttributeProto.type: 1 a float, 2 an integer, 3 a string, 7 integers. */
    static final int ATTRIBUTE_TYPE = 20;

    private WriterFields() {
    }

    static UnknownFieldSet number(int field, long value) {
        return UnknownFieldSet.newBuilder().addField(field, Field.newBuilder().addVarint(value).build()).build();
    }

    static UnknownFieldSet text(int field, String value) {
        return bytes(field, ByteString.copyFromUtf8(value));
    }

    static UnknownFieldSet bytes(int field, ByteString value) {
        return UnknownFieldSet.newBuilder().addField(field, Field.newBuilder().addLengthDelimited(value).build())
                .build();
    }
}
