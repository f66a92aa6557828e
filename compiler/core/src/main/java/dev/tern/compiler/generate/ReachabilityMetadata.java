package dev.tern.compiler.generate;

import dev.tern.compiler.bytecode.model.ClassName;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What GraalVM's native-image has to be told of a compiled model: the class reads its weights from a resource. Vector
 * code is not reached there, since an image has no incubating modules.
 *
 * @see <a href="https://www.graalvm.org/latest/reference-manual/native-image/metadata/">Reachability Metadata</a>
 */
final class ReachabilityMetadata {
    private static final String FOLDER = "META-INF/native-image/";

    private ReachabilityMetadata() {
    }

    /**
     * The file for a session's class, by its path with slashes: native-image finds it in a jar or folder of classes.
     */
    static Map<String, byte[]> of(ClassName session) {
        String path = session.path();
        // Names of Java have no character that JSON would write otherwise.
        String text = """
                {
                  "resources": [
                    {"glob": "%s.weights"}
                  ]
                }
                """.formatted(path);
        return Map.of(FOLDER + path + "/reachability-metadata.json", text.getBytes(StandardCharsets.UTF_8));
    }
}
