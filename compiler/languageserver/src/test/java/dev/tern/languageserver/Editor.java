package dev.tern.languageserver;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;

/** An editor that speaks with a server through pipes, as one does with a process. */
final class Editor implements LanguageClient, AutoCloseable {
    private static final int PIPE = 1 << 16;

    final BlockingQueue<PublishDiagnosticsParams> published = new LinkedBlockingQueue<>();
    final BlockingQueue<MessageParams> logged = new LinkedBlockingQueue<>();
    final InitializeResult capabilities;
    final LanguageServer server;
    private final CompletableFuture<Boolean> served = new CompletableFuture<>();
    private final PipedOutputStream toServer = new PipedOutputStream();
    private final Future<Void> listening;

    Editor() throws Exception {
        PipedInputStream fromEditor = new PipedInputStream(toServer, PIPE);
        PipedOutputStream fromServer = new PipedOutputStream();
        PipedInputStream toEditor = new PipedInputStream(fromServer, PIPE);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                served.complete(TernLanguageServer.serve(fromEditor, fromServer));
            } catch (InterruptedException e) {
                served.completeExceptionally(e);
            }
        });
        Launcher<LanguageServer> launcher = LSPLauncher.createClientLauncher(this, toEditor, toServer);
        listening = launcher.startListening();
        server = launcher.getRemoteProxy();
        capabilities = get(server.initialize(new InitializeParams()));
    }

    static <T> T get(CompletableFuture<T> answer) throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(1, TimeUnit.MINUTES);
    }

    void open(String uri, String text) {
        server.getTextDocumentService()
                .didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "tern", 1, text)));
    }

    void change(String uri, int version, String text) {
        server.getTextDocumentService()
                .didChange(new DidChangeTextDocumentParams(new VersionedTextDocumentIdentifier(uri, version),
                        List.of(new TextDocumentContentChangeEvent(text))));
    }

    /** What was published of this state of a document. */
    PublishDiagnosticsParams diagnostics(String uri, int version) throws InterruptedException {
        while (true) {
            PublishDiagnosticsParams next = published.poll(1, TimeUnit.MINUTES);
            if (next == null) {
                throw new AssertionError("nothing was published of " + uri + " version " + version);
            }
            if (next.getUri().equals(uri) && next.getVersion() != null && next.getVersion() == version) {
                return next;
            }
        }
    }

    /** What is shown at a place, as text; empty if nothing is. */
    String hover(String uri, Position position) throws Exception {
        var hover = get(server.getTextDocumentService()
                .hover(new HoverParams(new TextDocumentIdentifier(uri), position)));
        return hover == null ? "" : hover.getContents().getRight().getValue();
    }

    List<CompletionItem> complete(String uri, Position position) throws Exception {
        return get(server.getTextDocumentService()
                .completion(new CompletionParams(new TextDocumentIdentifier(uri), position))).getLeft();
    }

    /** Ends the server. @return whether it takes that for a farewell */
    boolean leave(boolean politely) throws Exception {
        if (politely) {
            get(server.shutdown());
            server.exit();
        } else {
            toServer.close();
        }
        return get(served);
    }

    @Override
    public void close() throws IOException {
        toServer.close();
        listening.cancel(true);
    }

    @Override
    public void publishDiagnostics(PublishDiagnosticsParams diagnostics) {
        published.add(diagnostics);
    }

    @Override
    public void telemetryEvent(Object object) {
        throw new AssertionError("the server reports " + object);
    }

    @Override
    public void showMessage(MessageParams message) {
        logged.add(message);
    }

    @Override
    public void logMessage(MessageParams message) {
        logged.add(message);
    }

    @Override
    public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams request) {
        throw new AssertionError("the server asks " + request);
    }
}
