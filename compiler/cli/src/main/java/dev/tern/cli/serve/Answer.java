package dev.tern.cli.serve;

import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is answered, as objects of JSON. */
final class Answer {
    private Answer() {
    }

    /** The server itself. */
    static Map<String, Object> server(String version) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", "tern");
        answer.put("version", version);
        answer.put("extensions", List.of());
        return answer;
    }

    /** That a model can be asked. */
    static Map<String, Object> ready(String name) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", name);
        answer.put("ready", true);
        return answer;
    }

    /** What a model takes and gives; of every tensor the first dimension is the batch. */
    static Map<String, Object> model(String name, Signature signature) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", name);
        answer.put("versions", List.of());
        answer.put("platform", "tern_" + signature.variant().replace(' ', '_'));
        answer.put("inputs", signature.inputs().stream().map(Answer::port).toList());
        answer.put("outputs", signature.outputs().stream().map(Answer::port).toList());
        return answer;
    }

    private static Map<String, Object> port(Port port) {
        List<Object> shape = new ArrayList<>(List.of(-1));
        shape.addAll(port.shape());
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (!port.documentation().isEmpty()) {
            parameters.put("documentation", port.documentation());
        }
        if (!port.labels().isEmpty()) {
            parameters.put("labels", port.labels());
        }
        if (port.element() == Element.STEP) {
            parameters.put("steps", port.steps());
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", port.name());
        object.put("datatype", DataTypes.of(port.element()));
        object.put("shape", shape);
        if (!parameters.isEmpty()) {
            object.put("parameters", parameters);
        }
        return object;
    }

    /** What a model answers. */
    static Map<String, Object> inference(String name, InferRequest request, Signature signature, Object[] outputs) {
        List<Object> tensors = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            Port port = signature.outputs().get(i);
            if (!request.outputs().isEmpty() && !request.outputs().contains(port.name())) {
                continue;
            }
            List<Object> shape = new ArrayList<>(port.shape());
            if (request.batched()) {
                shape.addFirst(request.batch());
            }
            Map<String, Object> tensor = new LinkedHashMap<>();
            tensor.put("name", port.name());
            tensor.put("datatype", DataTypes.of(port.element()));
            tensor.put("shape", shape);
            tensor.put("data", port.element() == Element.U8
                    ? unsigned((byte[]) outputs[i])
                    : outputs[i] instanceof byte[] bytes ? signed(bytes) : outputs[i]);
            tensors.add(tensor);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model_name", name);
        if (request.id() != null) {
            answer.put("id", request.id());
        }
        answer.put("outputs", tensors);
        return answer;
    }

    private static int[] unsigned(byte[] bytes) {
        int[] integers = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            integers[i] = bytes[i] & 0xff;
        }
        return integers;
    }

    private static int[] signed(byte[] bytes) {
        int[] integers = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            integers[i] = bytes[i];
        }
        return integers;
    }
}
