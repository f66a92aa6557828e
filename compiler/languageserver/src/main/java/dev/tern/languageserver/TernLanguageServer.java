package dev.tern.languageserver;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.SetTraceParams;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.TextDocumentSyncOptions;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;

/**
 * A language server for Tern, by version 3.17 of the
 * <a href="https://microsoft.github.io/language-server-protocol/">protocol</a>.
 */
public final class TernLanguageServer implements LanguageServer {
    private final TextDocuments documents = new TextDocuments();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean shutDown;

    private TernLanguageServer() {
    }

    /**
     * Speaks with an editor until it says that it is done, or is gone.
     *
     * @param in what the editor sends
     * @param out gets nothing but the protocol's messages
     * @return whether the editor took its leave: it asked for the shutdown first
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public static boolean serve(InputStream in, OutputStream out) throws InterruptedException {
        TernLanguageServer server = new TernLanguageServer();
        Launcher<LanguageClient> launcher = LSPLauncher.createServerLauncher(server, in, out);
        server.documents.connect(launcher.getRemoteProxy());
        Future<Void> listening = launcher.startListening();
        Thread.ofVirtual().start(() -> {
            try {
                listening.get();
            } catch (InterruptedException | ExecutionException | CancellationException gone) {
                // However it ended, there is nobody left to speak with.
            }
            server.ended.countDown();
        });
        server.ended.await();
        server.documents.close();
        listening.cancel(true);
        return server.shutDown;
    }

    @Override
    public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
        ServerCapabilities can = new ServerCapabilities();
        TextDocumentSyncOptions sync = new TextDocumentSyncOptions();
        sync.setOpenClose(true);
        // A model is a page: whole texts are simpler than pieces and cost nothing.
        sync.setChange(TextDocumentSyncKind.Full);
        sync.setSave(true);
        can.setTextDocumentSync(sync);
        can.setHoverProvider(true);
        can.setCompletionProvider(new CompletionOptions(false, List.of(">", "(", ",", ":", " ")));
        can.setDocumentFormattingProvider(true);
        can.setDocumentSymbolProvider(true);
        return CompletableFuture.completedFuture(new InitializeResult(can, new ServerInfo("tern")));
    }

    @Override
    public CompletableFuture<Object> shutdown() {
        shutDown = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void exit() {
        ended.countDown();
    }

    @Override
    public void setTrace(SetTraceParams params) {
        // There is nothing to trace that the messages do not show.
    }

    @Override
    public TextDocumentService getTextDocumentService() {
        return documents;
    }

    @Override
    public WorkspaceService getWorkspaceService() {
        return new WorkspaceService() {
            @Override
            public void didChangeConfiguration(DidChangeConfigurationParams params) {
                // There is nothing to configure.
            }

            @Override
            public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
                // A text that is not open is looked at when it is opened.
            }
        };
    }
}
