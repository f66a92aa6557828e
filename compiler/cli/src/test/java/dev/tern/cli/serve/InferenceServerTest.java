package dev.tern.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.runtime.CompiledModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceServerTest {
    private static final String TEXT = """
            model Net(picture: u8[2, 2], by: f32[2], t: step[4]) -> (scores: f32[2, 2], best: i32) {
                scores = picture * reduce(by, sum, [0])
                best = argmax(flatten(scores))
            }
            """;

    private static final String GOOD = """
            {"id": "a", "inputs": [
                {"name": "by", "datatype": "FP32", "shape": [2], "data": [1.5, 0.5]},
                {"name": "t", "datatype": "INT32", "shape": [], "data": [3]},
                {"name": "picture", "datatype": "UINT8", "shape": [2, 2], "data": [[0, 51], [255, 102]]}]}
            """;

    private static InferenceServer server;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("net.tern"), TEXT);
        CompiledModel model = Compilation.of(file, HostTarget.portable("tested")).model();
        server = new InferenceServer(model, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new InferenceServer.Limits(2, 30, 4096));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static URI uri(String path) {
        return URI.create("http://localhost:" + server.address().getPort() + path);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> infer(String body) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(uri("/v2/models/Net/infer")).POST(BodyPublishers.ofString(body))
                .build(), BodyHandlers.ofString());
    }

    /** JSON without its layout. */
    private static String compact(String json) throws IOException {
        StringBuilder text = new StringBuilder();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                text.append(parser.getText()).append(' ');
            }
        }
        return text.toString().strip();
    }

    @Test
    void answers() throws Exception {
        HttpResponse<String> answer = infer(GOOD);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(compact(answer.body())).isEqualTo("{ model_name Net id a outputs [ { name scores datatype FP32 shape"
                + " [ 2 2 ] data [ 0.0 0.4 2.0 0.8 ] } { name best datatype INT32 shape [ ] data [ 2 ] } ] }");
        assertThat(answer.headers().firstValue("Server-Timing").orElseThrow()).matches("infer;dur=\\d+\\.\\d+");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void answersBatchesAndTheOutputsThatAreWanted() throws Exception {
        HttpResponse<String> answer = infer("""
                {"inputs": [{"name": "by", "datatype": "FP32", "shape": [2, 2], "data": [1, 0, 0, 2]},
                            {"name": "t", "datatype": "INT32", "shape": [2], "data": [0, 1]},
                            {"name": "picture", "datatype": "UINT8", "shape": [2, 2, 2],
                             "data": [255, 0, 0, 0, 0, 0, 0, 255]}],
                 "outputs": [{"name": "best"}]}
                """);

        assertThat(compact(answer.body())).isEqualTo("{ model_name Net outputs [ { name best datatype INT32 shape [ 2 ]"
                + " data [ 0 3 ] } ] }");
    }

    @Test
    void tellsWhatItHas() throws Exception {
        assertThat(compact(get("/v2").body())).isEqualTo("{ name tern version 0.1.0 extensions [ ] }");
        assertThat(compact(get("/v2/health/live").body())).isEqualTo("{ live true }");
        assertThat(compact(get("/v2/health/ready").body())).isEqualTo("{ ready true }");
        assertThat(compact(get("/v2/models/Net/ready").body())).isEqualTo("{ name Net ready true }");
        assertThat(compact(get("/v2/models/Net").body())).isEqualTo("{ name Net versions [ ] platform tern_portable"
                + " inputs [ { name picture datatype UINT8 shape [ -1 2 2 ] } { name by datatype FP32 shape [ -1 2 ] }"
                + " { name t datatype INT32 shape [ -1 ] parameters { steps 4 } } ]"
                + " outputs [ { name scores datatype FP32 shape [ -1 2 2 ] }"
                + " { name best datatype INT32 shape [ -1 ] } ] }");
        assertThat(get("/").body()).contains("<body data-model=\"Net\">");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            UINT8                 | FP32              | input `picture` takes datatype UINT8, not FP32
            [2, 2]                | [4]               | takes shape [2, 2] or with a batch in front, not [4]
            [2, 2]                | [2, 2, 2]         | has 4 numbers in `data` for the shape [2, 2, 2]
            [2, 2]                | [1, 2, 2]         | input `by` has another batch than input `picture`
            [2, 2]                | [0, 2, 2]         | not [0, 2, 2]
            [2, 2]                | [1e3, 2]          | a dimension is to be a whole number, not 1e3
            255, 102              | 255               | input `picture` has 3 numbers in `data` for the shape [2, 2]
            255, 102              | 256, 0            | takes whole numbers of 0 to 255, not 256.0 (number 2)
            255, 102              | 1.5, 0            | not 1.5 (number 2)
            255, 102              | "a", 0            | `data` holds numbers, not a text
            [3]                   | [4]               | 4
            1.5, 0.5              | 1e39, 0           | by
            "picture"             | "image"           | the model has no input `image`, but `picture`, `by`, `t`
            {"name": "t"          | {"name": "by"     | input `by`
            "inputs"              | "input"           | the request has no `inputs`
            "a",                  | "a"               | the request is no JSON
            "a"                   | 5                 | `id` is to be a text, not 5
            "a",                  | "a", "outputs": [{"name": "z"}], | the model has no output `z`, but `scores`, `best`
            }]}                   | }]} x             | no JSON
            """)
    void saysWhatIsWrong(String what, String by, String message) throws Exception {
        String body = GOOD.replace(what, by);
        assertThat(body).isNotEqualTo(GOOD);
        HttpResponse<String> answer = infer(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(compact(answer.body())).startsWith("{ error ").contains(message);
        assertThat(infer(GOOD).statusCode()).isEqualTo(200);
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        assertThat(infer(GOOD.replace("[1.5", "[".repeat(500) + "1.5")).statusCode()).isEqualTo(400);
    }

    @Test
    void otherPathsAndMethods() throws Exception {
        assertThat(get("/etc/passwd").statusCode()).isEqualTo(404);
        assertThat(get("/../../etc/passwd").statusCode()).isEqualTo(404);
        HttpResponse<String> other = get("/v2/models/Other");
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.body()).contains("the only model is 'Net'");
        HttpResponse<String> method = get("/v2/models/Net/infer");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void longBodiesAreRefusedUnread() throws Exception {
        assertThat(infer(" ".repeat(5000)).statusCode()).isEqualTo(413);
        assertThat(CLIENT.send(HttpRequest.newBuilder(uri("/v2/models/Net/infer")).POST(BodyPublishers
                .ofInputStream(() -> new ByteArrayInputStream(new byte[5000]))).build(), BodyHandlers.ofString())
                .statusCode()).isEqualTo(413);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /v2/models/Net/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
        assertThat(infer(GOOD).statusCode()).isEqualTo(200);
    }

    @Test
    void manyAtOnce() throws Exception {
        String expected = compact(infer(GOOD).body());
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(CLIENT.sendAsync(HttpRequest.newBuilder(uri("/v2/models/Net/infer"))
                    .POST(BodyPublishers.ofString(GOOD)).build(), BodyHandlers.ofString()));
        }
        int answered = 0;
        for (CompletableFuture<HttpResponse<String>> future : answers) {
            HttpResponse<String> answer = future.get();
            if (answer.statusCode() == 200) {
                assertThat(compact(answer.body())).isEqualTo(expected);
                answered++;
            } else {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            }
        }
        assertThat(answered).isPositive();
    }
}
