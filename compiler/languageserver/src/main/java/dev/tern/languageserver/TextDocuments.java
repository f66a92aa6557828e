package dev.tern.languageserver;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.syntax.Formatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.TextDocumentService;

/** The texts that an editor has open, and what it asks of them. Of a text that is not open there is nothing to say. */
final class TextDocuments implements TextDocumentService, AutoCloseable {
    private final Map<String, OpenDocument> open = new ConcurrentHashMap<>();
    private final Checker checker = new Checker(document -> open.get(document.uri()) == document, this::publish,
            this::log);
    private volatile LanguageClient client;

    void connect(LanguageClient editor) {
        client = editor;
    }

    @Override
    public void close() {
        checker.close();
    }

    @Override
    public void didOpen(DidOpenTextDocumentParams params) {
        TextDocumentItem item = params.getTextDocument();
        replace(new OpenDocument(item.getUri(), item.getVersion(), item.getText()));
    }

    /** The protocol is told to send whole texts, of which the last one counts. */
    @Override
    public void didChange(DidChangeTextDocumentParams params) {
        VersionedTextDocumentIdentifier changed = params.getTextDocument();
        if (open.containsKey(changed.getUri()) && !params.getContentChanges().isEmpty()) {
            replace(new OpenDocument(changed.getUri(), changed.getVersion(),
                    params.getContentChanges().getLast().getText()));
        }
    }

    private void replace(OpenDocument document) {
        open.put(document.uri(), document);
        checker.check(document);
    }

    @Override
    public void didClose(DidCloseTextDocumentParams params) {
        String uri = params.getTextDocument().getUri();
        if (open.remove(uri) != null) {
            checker.forget(uri);
            client.publishDiagnostics(new PublishDiagnosticsParams(uri, List.of()));
        }
    }

    /** What the model names may have been written as well: training and calibration write its parameters. */
    @Override
    public void didSave(DidSaveTextDocumentParams params) {
        Optional.ofNullable(open.get(params.getTextDocument().getUri())).ifPresent(checker::check);
    }

    private void publish(OpenDocument document, List<Diagnostic> diagnostics) {
        client.publishDiagnostics(new PublishDiagnosticsParams(document.uri(), new Messages(document).of(diagnostics),
                document.version()));
    }

    private void log(Throwable fault) {
        client.logMessage(new MessageParams(MessageType.Error, "a fault of the compiler: " + fault));
    }

    private <T> CompletableFuture<T> answer(TextDocumentIdentifier of, T otherwise, Function<OpenDocument, T> answer) {
        OpenDocument document = open.get(of.getUri());
        return document == null
                ? CompletableFuture.completedFuture(otherwise)
                : CompletableFuture.supplyAsync(() -> answer.apply(document));
    }

    @Override
    public CompletableFuture<Hover> hover(HoverParams params) {
        return answer(params.getTextDocument(), null,
                document -> new Hovers(document).at(document.places().offset(params.getPosition())).orElse(null));
    }

    @Override
    public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(CompletionParams params) {
        return answer(params.getTextDocument(), Either.forLeft(List.of()),
                document -> Either.forLeft(
                        Completions.at(document, document.places().offset(params.getPosition()))));
    }

    /** The canonical layout; a text with an error in it stays as it is. */
    @Override
    public CompletableFuture<List<? extends TextEdit>> formatting(DocumentFormattingParams params) {
        return answer(params.getTextDocument(), List.of(), document -> {
            String text = Formatter.format(document.source(), Catalogue::startsLayer, new Diagnostics());
            return text.equals(document.source().text())
                    ? List.of()
                    : List.of(new TextEdit(document.places().all(), text));
        });
    }

    @Override
    public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
            DocumentSymbolParams params) {
        return answer(params.getTextDocument(), List.of(), document -> new Outline(document).symbols().stream()
                .map(Either::<SymbolInformation, DocumentSymbol>forRight).toList());
    }
}
