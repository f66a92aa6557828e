package dev.tern.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tern.cli.output.JsonText;
import dev.tern.cli.output.ProgramVersion;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.InputException;
import dev.tern.runtime.SessionPool;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Answers requests for one model over HTTP, by the Open Inference Protocol, version 2, in JSON (the endpoints under
 * {@code /v2}, see <a href="https://github.com/kserve/open-inference-protocol">its text</a>), and gives browsers a page
 * at {@code /}. No request makes it open a file.
 *
 * <p>Everything is bounded: the bytes of a body, the sessions, which are as many as may compute at once, the requests
 * that wait for one, and the seconds that a client may take to send its request and to take its answer.
 *
 * <pre>{@code
 * try (InferenceServer server = InferenceServer.start(Tern.compile(model), 0)) {
 *     System.out.println(server.address().getAddress().isLoopbackAddress());
 * }
 * }</pre>
 */
public final class InferenceServer implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final String SECONDS = "30";

    private final CompiledModel model;
    private final String name;
    private final SessionPool sessions;
    private final Semaphore room;
    private final int bodyBytes;
    private final byte[] page;
    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * What a server allows.
     *
     * @param threads inferences at once
     * @param waiting requests that wait beyond those; more are refused with status 503
     * @param bodyBytes of a request; longer ones are refused with status 413
     */
    public record Limits(int threads, int waiting, int bodyBytes) {
        /** An inference for each core, 64 requests that wait, 16 MiB each. */
        public static final Limits STANDARD = new Limits(Runtime.getRuntime().availableProcessors(), 64, 16 << 20);

        public Limits {
            if (threads < 1 || waiting < 0 || bodyBytes < 1) {
                throw new IllegalArgumentException("limits of " + threads + ", " + waiting + ", " + bodyBytes);
            }
        }
    }

    /**
     * A server that only this machine reaches, with the usual limits.
     *
     * @param port where to listen; 0 for any free port, see {@link #address()}
     * @throws IOException if it cannot listen there
     */
    public static InferenceServer start(CompiledModel model, int port) throws IOException {
        return new InferenceServer(model, new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Limits.STANDARD);
    }

    /**
     * A server that listens.
     *
     * @throws IOException if it cannot listen at the address
     */
    public InferenceServer(CompiledModel model, InetSocketAddress address, Limits limits) throws IOException {
        // Read by the JDK's server when its first one is made.
        setDefault("sun.net.httpserver.maxReqTime", SECONDS);
        setDefault("sun.net.httpserver.maxRspTime", SECONDS);
        this.model = model;
        name = model.signature().model();
        sessions = model.pool(limits.threads());
        room = new Semaphore(limits.threads() + limits.waiting());
        bodyBytes = limits.bodyBytes();
        try (InputStream resource = InferenceServer.class.getResourceAsStream("page.html")) {
            page = new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("<body>", "<body data-model=\"" + name + "\">").getBytes(StandardCharsets.UTF_8);
        }
        server = HttpServer.create(address, CONNECTIONS);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Ends it: what is being answered has a second to end. */
    @Override
    public void close() {
        server.stop(1);
        threads.shutdownNow();
        sessions.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange);
            } catch (RefusedRequestException e) {
                send(exchange, e.status(), Map.of("error", e.getMessage()));
            } catch (InputException e) {
                send(exchange, 400, Map.of("error", e.getMessage()));
            } catch (RuntimeException | OutOfMemoryError e) {
                send(exchange, 500, Map.of("error", "a fault of the server: " + e));
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException, RefusedRequestException {
        String path = exchange.getRequestURI().getPath();
        String own = "/v2/models/" + name;
        if (path.equals(own + "/infer")) {
            require(exchange, "POST");
            infer(exchange);
            return;
        }
        switch (path) {
            case "/" -> {
                require(exchange, "GET");
                exchange.getResponseHeaders().set("Content-Security-Policy",
                        "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
                                + " img-src blob: data:");
                send(exchange, 200, "text/html; charset=utf-8", page);
            }
            case "/v2", "/v2/" -> get(exchange, Answer.server(ProgramVersion.TEXT));
            case "/v2/health/live" -> get(exchange, Map.of("live", true));
            case "/v2/health/ready" -> get(exchange, Map.of("ready", true));
            default -> {
                if (path.equals(own)) {
                    get(exchange, Answer.model(name, model.signature()));
                } else if (path.equals(own + "/ready")) {
                    get(exchange, Answer.ready(name));
                } else if (path.startsWith("/v2/models/")) {
                    throw new RefusedRequestException(404, path.startsWith(own + "/versions/")
                            ? "model '" + name + "' has no versions"
                            : "there is no such model or endpoint; the only model is '" + name + "', at " + own);
                } else {
                    throw new RefusedRequestException(404, "there is nothing here; see / and " + own);
                }
            }
        }
    }

    private void infer(HttpExchange exchange) throws IOException, RefusedRequestException {
        if (!room.tryAcquire()) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            throw new RefusedRequestException(503, "too many requests wait already");
        }
        try {
            InferRequest request = InferRequest.read(body(exchange), model.signature());
            long[] nanoseconds = new long[1];
            Object[] outputs = sessions.apply(session -> {
                Object[] arrays = session.newOutputs(request.batch());
                long start = System.nanoTime();
                session.run(request.batch(), request.inputs(), arrays);
                nanoseconds[0] = System.nanoTime() - start;
                return arrays;
            });
            exchange.getResponseHeaders().set("Server-Timing",
                    String.format(Locale.ROOT, "infer;dur=%.4f", nanoseconds[0] / 1e6));
            send(exchange, 200, Answer.inference(name, request, model.signature(), outputs));
        } finally {
            room.release();
        }
    }

    private byte[] body(HttpExchange exchange) throws IOException, RefusedRequestException {
        if (exchange.getRequestHeaders().containsKey("Inference-Header-Content-Length")) {
            throw new RefusedRequestException(400, "tensors in binary are not understood: send them as JSON");
        }
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && Long.parseLong(length) > bodyBytes) {
            throw tooLong();
        }
        byte[] body = exchange.getRequestBody().readNBytes(bodyBytes);
        if (exchange.getRequestBody().read() >= 0) {
            throw tooLong();
        }
        return body;
    }

    private RefusedRequestException tooLong() {
        return new RefusedRequestException(413, "a request has up to " + bodyBytes + " bytes");
    }

    private static void require(HttpExchange exchange, String method) throws RefusedRequestException {
        String asked = exchange.getRequestMethod();
        if (!asked.equals(method) && !(method.equals("GET") && asked.equals("HEAD"))) {
            exchange.getResponseHeaders().set("Allow", method);
            throw new RefusedRequestException(405, exchange.getRequestURI().getPath() + " is for " + method);
        }
    }

    private static void get(HttpExchange exchange, Map<String, ?> answer) throws IOException, RefusedRequestException {
        require(exchange, "GET");
        send(exchange, 200, answer);
    }

    private static void send(HttpExchange exchange, int status, Map<String, ?> answer) throws IOException {
        send(exchange, status, "application/json", JsonText.of(answer).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        // At once: closing waits for what the client has not sent yet.
        exchange.getResponseBody().flush();
    }
}
