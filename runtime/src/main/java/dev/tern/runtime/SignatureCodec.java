package dev.tern.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * The signature in a weight file: model, documentation, inputs, outputs, layers, weight bytes (long), arena bytes
 * (long), variant, its reason. A text is its length in bytes and its UTF-8; a list its count and its entries; a port is
 * name, documentation, element (one byte, {@link Element#ordinal()}), steps, shape, labels; a layer is path, op,
 * weights, activations, shape, weight bytes (long).
 */
final class SignatureCodec {
    /** No port or layer takes fewer bytes: five counts or lengths. */
    private static final int LEAST = 5 * Integer.BYTES;
    private static final Element[] ELEMENTS = Element.values();

    private SignatureCodec() {
    }

    static void write(ByteWriter out, Signature signature) {
        out.text(signature.model());
        out.text(signature.documentation());
        writePorts(out, signature.inputs());
        writePorts(out, signature.outputs());
        out.integer(signature.layers().size());
        for (Signature.LayerSummary layer : signature.layers()) {
            out.text(layer.path());
            out.text(layer.op());
            out.text(layer.weights());
            out.text(layer.activations());
            out.integers(layer.shape());
            out.longInteger(layer.weightBytes());
        }
        out.longInteger(signature.weightBytes());
        out.longInteger(signature.arenaBytes());
        out.text(signature.variant());
        out.text(signature.variantReason());
    }

    private static void writePorts(ByteWriter out, List<Signature.Port> ports) {
        out.integer(ports.size());
        for (Signature.Port port : ports) {
            out.text(port.name());
            out.text(port.documentation());
            out.octet(port.element().ordinal());
            out.integer(port.steps());
            out.integers(port.shape());
            out.integer(port.labels().size());
            port.labels().forEach(out::text);
        }
    }

    static Signature read(ByteReader in) {
        return new Signature(in.text(), in.text(), readPorts(in), readPorts(in), readLayers(in), in.longInteger(),
                in.longInteger(), in.text(), in.text());
    }

    private static List<Signature.Port> readPorts(ByteReader in) {
        int count = in.count(LEAST);
        List<Signature.Port> ports = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ports.add(new Signature.Port(in.text(), in.text(), readElement(in), in.integer(), in.integers(),
                    readTexts(in)));
        }
        return ports;
    }

    private static Element readElement(ByteReader in) {
        int ordinal = in.octet();
        if (ordinal >= ELEMENTS.length) {
            throw new IllegalArgumentException("element type " + ordinal + " at byte " + (in.position() - 1));
        }
        return ELEMENTS[ordinal];
    }

    private static List<String> readTexts(ByteReader in) {
        int count = in.count(Integer.BYTES);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.text());
        }
        return texts;
    }

    private static List<Signature.LayerSummary> readLayers(ByteReader in) {
        int count = in.count(LEAST);
        List<Signature.LayerSummary> layers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            layers.add(new Signature.LayerSummary(in.text(), in.text(), in.text(), in.text(), in.integers(),
                    in.longInteger()));
        }
        return layers;
    }
}
