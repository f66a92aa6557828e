package dev.tern.importers.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the messages and names of a model before they are made: two bytes of a file can become a hundred in memory.
 */
final class WireScan {
    private static final int MOST = 2_000_000;

    /** Messages by the fields that hold others; those without an entry are counted as they are. */
    private enum Message {
        MODEL, GRAPH, NODE, ATTRIBUTE, TENSOR, FUNCTION, VALUE, TYPE, TENSOR_TYPE, SHAPE, LEAF
    }

    private static final Map<Message, Map<Integer, Message>> FIELDS = Map.of(
            Message.MODEL, Map.of(7, Message.GRAPH, 8, Message.LEAF, 25, Message.FUNCTION),
            Message.GRAPH, Map.of(1, Message.NODE, 5, Message.TENSOR, 11, Message.VALUE, 12, Message.VALUE),
            Message.NODE, Map.of(1, Message.LEAF, 2, Message.LEAF, 5, Message.ATTRIBUTE),
            Message.ATTRIBUTE, Map.of(5, Message.TENSOR, 6, Message.GRAPH, 9, Message.LEAF),
            Message.TENSOR, Map.of(13, Message.LEAF),
            Message.FUNCTION, Map.of(4, Message.LEAF, 5, Message.LEAF, 6, Message.LEAF, 7, Message.NODE, 9,
                    Message.LEAF, 11, Message.ATTRIBUTE),
            Message.VALUE, Map.of(2, Message.TYPE), Message.TYPE, Map.of(1, Message.TENSOR_TYPE),
            Message.TENSOR_TYPE, Map.of(2, Message.SHAPE), Message.SHAPE, Map.of(1, Message.LEAF));

    private int count;

    private WireScan() {
    }

    /** @throws InvalidProtocolBufferException if there are too many */
    static void check(byte[] model, int depth) throws IOException {
        new WireScan().scan(CodedInputStream.newInstance(model), Message.MODEL, depth);
    }

    private void scan(CodedInputStream in, Message message, int depth) throws IOException {
        if (depth == 0) {
            throw new InvalidProtocolBufferException("messages nested too deep");
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Optional<Message> field = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
                    ? Optional.ofNullable(FIELDS.getOrDefault(message, Map.of())
                            .get(WireFormat.getTagFieldNumber(tag)))
                    : Optional.empty();
            if (field.isEmpty()) {
                in.skipField(tag);
                continue;
            }
            count++;
            if (count > MOST) {
                throw new InvalidProtocolBufferException("more than " + MOST + " nodes, tensors and names");
            }
            int length = in.readRawVarint32();
            if (field.get() == Message.LEAF) {
                in.skipRawBytes(length);
            } else {
                int limit = in.pushLimit(length);
                scan(in, field.get(), depth - 1);
                in.popLimit(limit);
            }
        }
    }
}
