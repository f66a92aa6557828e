package dev.tern.cli;

import dev.tern.cli.serve.InferenceServer;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.runtime.CompiledModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Compiles a model and answers requests over HTTP until the process ends. */
@Command(name = "serve", description = {"Compiles a model and answers over HTTP: a page to try it in a browser, and the"
        + " Open Inference Protocol, version 2, in JSON, as KServe and Triton speak it.", "",
    "Who can reach the port can use the model; nothing else is served and no file is read. Ends with Ctrl-C.",
    ""}, //
        footer = {"", "Examples:", "  tern serve models/digits",
            "  curl -s localhost:8080/v2/models/Digits/infer -d @request.json"})
final class ServeCommand extends ModelCommand {
    @Option(names = "--port", paramLabel = "PORT", defaultValue = "8080", description = {
        "Where to listen; 0 for any free port (default: ${DEFAULT-VALUE})."})
    private int port;

    @Option(names = "--bind", paramLabel = "ADDRESS", defaultValue = "localhost", description = {
        "On which of the machine's addresses, 0.0.0.0 for all (default: ${DEFAULT-VALUE}, which only this machine"
                + " reaches)."})
    private InetAddress bind;

    @Option(names = "--threads", paramLabel = "N", description = "Inferences at once (default: one for each core).")
    private Integer threads;

    @Option(names = "--waiting", paramLabel = "N", defaultValue = "64", description = {
        "Requests that may wait for their turn; more get status 503 (default: ${DEFAULT-VALUE})."})
    private int waiting;

    @Option(names = "--body", paramLabel = "MIB", defaultValue = "16", description = {
        "MiB that a request may have; longer ones get status 413 (default: ${DEFAULT-VALUE})."})
    private int mebibytes;

    @Override
    public Integer call() {
        require("--port", port, 0, 65535);
        require("--waiting", waiting, 0, 1 << 20);
        require("--body", mebibytes, 1, 1024);
        int cores = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        require("--threads", cores, 1, 1024);
        Compilation compilation = Compilation.ofWindow(file(), HostTarget.find());
        warn(compilation.warnings());
        CompiledModel model = compilation.model();
        try (InferenceServer server = new InferenceServer(model,
                new InetSocketAddress(bind, port), new InferenceServer.Limits(cores, waiting, mebibytes << 20))) {
            started(model, server.address());
            new CountDownLatch(1).await();
            return ExitCode.DONE;
        } catch (IOException e) {
            throw new ParameterException(commandLine(), "cannot listen on " + bind.getHostAddress() + " port " + port
                    + ": " + e.getMessage());
        } catch (InterruptedException e) {
            return ExitCode.DONE;
        }
    }

    private void started(CompiledModel model, InetSocketAddress address) {
        String host = address.getAddress().isLoopbackAddress() ? "localhost" : address.getHostString();
        String root = "http://" + host + ":" + address.getPort();
        String name = model.signature().model();
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", name);
            result.put("url", root + "/");
            result.put("infer", root + "/v2/models/" + name + "/infer");
            print(result, List.of());
        } else {
            console().out().println("model " + name + " answers at");
            console().out().println("  " + root + "/");
            console().out().println("  " + root + "/v2/models/" + name + "/infer");
        }
        console().out().flush();
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(commandLine(),
                    option + " takes " + least + " to " + most + ", not " + value);
        }
    }
}
