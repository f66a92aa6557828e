package dev.tern.cli.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a client asks: arrays for the model's inputs, in the signature's order.
 *
 * @param id the client's name for the request; null for none
 * @param batch how many inferences
 * @param batched whether the tensors have a dimension for the batch
 * @param inputs for each input an array of {@code batch} times its elements
 * @param outputs the names of the outputs that are wanted; all if it is empty
 */
record InferRequest(String id, int batch, boolean batched, Object[] inputs, List<String> outputs) {
    /** Where something began that does not end: said in the parser's own terms. */
    private static final Pattern STARTED = Pattern.compile(" \\(start marker at .*]\\)");
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).maxNumberLength(64)
                    .maxStringLength(1 << 16).maxNameLength(1 << 10).build())
            .build();

    /** A tensor as it came. */
    private static final class Tensor {
        private String name;
        private String type;
        private long[] shape;
        private double[] numbers;
        private int count;

        private void add(double number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.max(64, 2 * count));
            }
            numbers[count++] = number;
        }
    }

    /**
     * Reads a request.
     *
     * @throws RefusedRequestException with 400 if it is none, or not for this model
     */
    static InferRequest read(byte[] body, Signature signature) throws RefusedRequestException {
        String id = null;
        List<Tensor> tensors = null;
        List<String> outputs = List.of();
        try (JsonParser json = JSON.createParser(body)) {
            expect(json, json.nextToken(), JsonToken.START_OBJECT, "the request");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "id" -> id = text(json, value, "id");
                    case "inputs" -> tensors = tensors(json, value, true);
                    case "outputs" -> outputs = tensors(json, value, false).stream().map(tensor -> tensor.name)
                            .toList();
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw wrong("something follows the request's object");
            }
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw wrong("the request is no JSON that is understood: "
                    + STARTED.matcher(e.getOriginalMessage()).replaceAll("")
                    + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
        } catch (IOException e) {
            throw wrong("the request cannot be read: " + e.getMessage());
        }
        if (tensors == null) {
            throw wrong("the request has no `inputs`");
        }
        for (String output : outputs) {
            find(signature.outputs(), output, "output");
        }
        return bound(id, tensors, outputs, signature);
    }

    private static InferRequest bound(String id, List<Tensor> tensors, List<String> outputs, Signature signature)
            throws RefusedRequestException {
        Map<String, Tensor> byName = new HashMap<>();
        for (Tensor tensor : tensors) {
            find(signature.inputs(), tensor.name, "input");
            if (byName.put(tensor.name, tensor) != null) {
                throw wrong("input `" + tensor.name + "` is given twice");
            }
        }
        Object[] inputs = new Object[signature.inputs().size()];
        int batch = 1;
        boolean batched = false;
        for (int i = 0; i < inputs.length; i++) {
            Port port = signature.inputs().get(i);
            Tensor tensor = byName.get(port.name());
            if (tensor == null) {
                throw wrong("input `" + port.name() + "` is missing: the model takes " + names(signature.inputs()));
            }
            boolean front = hasBatch(port, tensor);
            int count = front ? Math.toIntExact(tensor.shape[0]) : 1;
            if (i > 0 && (front != batched || count != batch)) {
                throw wrong("input `" + port.name() + "` has another batch than input `"
                        + signature.inputs().getFirst().name() + "`");
            }
            batched = front;
            batch = count;
            inputs[i] = array(port, tensor);
        }
        return new InferRequest(id, batch, batched, inputs, outputs);
    }

    /** Whether a tensor has one dimension more than the port, in front. */
    private static boolean hasBatch(Port port, Tensor tensor) throws RefusedRequestException {
        String type = DataTypes.of(port.element());
        if (!type.equals(tensor.type)) {
            throw wrong("input `" + port.name() + "` takes datatype " + type + ", not " + tensor.type);
        }
        int rank = port.shape().size();
        long[] shape = tensor.shape;
        boolean fits = shape != null && (shape.length == rank || shape.length == rank + 1 && shape[0] > 0);
        for (int i = 0; fits && i < rank; i++) {
            fits = shape[shape.length - rank + i] == port.shape().get(i);
        }
        boolean front = fits && shape.length == rank + 1;
        if (!fits) {
            throw wrong("input `" + port.name() + "` takes shape " + port.shape() + " or with a batch in front, not "
                    + (shape == null ? "none" : Arrays.toString(shape)));
        }
        if (tensor.numbers == null || tensor.count != (double) port.elements() * (front ? shape[0] : 1)) {
            throw wrong("input `" + port.name() + "` has " + (tensor.numbers == null ? "no" : tensor.count)
                    + " numbers in `data` for the shape " + Arrays.toString(shape));
        }
        return front;
    }

    private static Object array(Port port, Tensor tensor) throws RefusedRequestException {
        return switch (port.element()) {
            case F32 -> {
                float[] floats = new float[tensor.count];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) tensor.numbers[i];
                }
                yield floats;
            }
            case U8 -> bytes(port, tensor, 0, 255);
            case I8 -> bytes(port, tensor, -128, 127);
            case STEP, I32 -> {
                int[] integers = new int[tensor.count];
                for (int i = 0; i < integers.length; i++) {
                    integers[i] = integer(port, tensor, i, Integer.MIN_VALUE, Integer.MAX_VALUE);
                }
                yield integers;
            }
        };
    }

    private static byte[] bytes(Port port, Tensor tensor, int least, int most) throws RefusedRequestException {
        byte[] bytes = new byte[tensor.count];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) integer(port, tensor, i, least, most);
        }
        return bytes;
    }

    private static int integer(Port port, Tensor tensor, int index, int least, int most)
            throws RefusedRequestException {
        double number = tensor.numbers[index];
        if (number != Math.rint(number) || number < least || number > most) {
            throw wrong("input `" + port.name() + "` takes whole numbers of " + least + " to " + most + ", not "
                    + number
                    + " (number " + index + ")");
        }
        return (int) number;
    }

    private static void find(List<Port> ports, String name, String kind) throws RefusedRequestException {
        if (ports.stream().noneMatch(port -> port.name().equals(name))) {
            throw wrong("the model has no " + kind + " `" + name + "`, but " + names(ports));
        }
    }

    private static String names(List<Port> ports) {
        return ports.stream().map(port -> "`" + port.name() + "`").collect(Collectors.joining(", "));
    }

    private static List<Tensor> tensors(JsonParser json, JsonToken first, boolean data)
            throws IOException, RefusedRequestException {
        expect(json, first, JsonToken.START_ARRAY, data ? "`inputs`" : "`outputs`");
        List<Tensor> tensors = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            expect(json, token, JsonToken.START_OBJECT, "a tensor");
            Tensor tensor = new Tensor();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "name" -> tensor.name = text(json, value, "name");
                    case "datatype" -> tensor.type = text(json, value, "datatype");
                    case "shape" -> tensor.shape = shape(json, value);
                    case "data" -> {
                        tensor.numbers = new double[0];
                        tensor.count = 0;
                        numbers(json, value, tensor);
                    }
                    default -> json.skipChildren();
                }
            }
            if (tensor.name == null) {
                throw wrong("a tensor has no `name`");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private static long[] shape(JsonParser json, JsonToken first) throws IOException, RefusedRequestException {
        expect(json, first, JsonToken.START_ARRAY, "`shape`");
        long[] shape = new long[16];
        int rank = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            expect(json, token, JsonToken.VALUE_NUMBER_INT, "a dimension");
            if (rank == shape.length || json.getNumberType() != JsonParser.NumberType.INT || json.getIntValue() < 0) {
                throw wrong("`shape` has up to 16 dimensions of 0 to " + Integer.MAX_VALUE);
            }
            shape[rank++] = json.getIntValue();
        }
        return Arrays.copyOf(shape, rank);
    }

    /** Numbers in row-major order, in arrays of arrays or in one. */
    private static void numbers(JsonParser json, JsonToken first, Tensor tensor)
            throws IOException, RefusedRequestException {
        expect(json, first, JsonToken.START_ARRAY, "`data`");
        for (int depth = 1; depth > 0;) {
            JsonToken token = json.nextToken();
            switch (token) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tensor.add(json.getDoubleValue());
                case null, default -> throw wrong("`data` holds numbers, not " + what(json, token));
            }
        }
    }

    private static String text(JsonParser json, JsonToken token, String field)
            throws IOException, RefusedRequestException {
        expect(json, token, JsonToken.VALUE_STRING, "`" + field + "`");
        return json.getText();
    }

    private static void expect(JsonParser json, JsonToken token, JsonToken expected, String what)
            throws IOException, RefusedRequestException {
        if (token != expected) {
            throw wrong(what + " is to be " + switch (expected) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "an array";
                case VALUE_STRING -> "a text";
                default -> "a whole number";
            } + ", not " + what(json, token));
        }
    }

    private static String what(JsonParser json, JsonToken token) throws IOException {
        return switch (token) {
            case null -> "the end";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            default -> json.getText();
        };
    }

    private static RefusedRequestException wrong(String message) {
        return new RefusedRequestException(400, message);
    }
}
