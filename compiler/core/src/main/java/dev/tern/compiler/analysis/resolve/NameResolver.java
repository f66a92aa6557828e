package dev.tern.compiler.analysis.resolve;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Identifier;
import dev.tern.compiler.syntax.SyntaxTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resolves all names of a file, of blocks that nothing applies too. */
public final class NameResolver {
    private static final int LONGEST_CIRCLE_SHOWN = 8;

    private final SyntaxTree tree;
    private final Diagnostics diagnostics;
    private final Resolution resolution = new Resolution();

    private NameResolver(SyntaxTree tree, Diagnostics diagnostics) {
        this.tree = tree;
        this.diagnostics = diagnostics;
    }

    /** @param diagnostics gets every name that means nothing, or something else than its place wants */
    public static Resolution resolve(SyntaxTree tree, Diagnostics diagnostics) {
        return new NameResolver(tree, diagnostics).run();
    }

    private Resolution run() {
        declareBlocks();
        BlockCycles cycles = new BlockCycles();
        for (Declaration declaration : tree.declarations()) {
            Set<String> applied = new HashSet<>();
            new DeclarationResolver(resolution, tree.unread(), diagnostics, applied).resolve(declaration);
            if (declaration instanceof Declaration.BlockDeclaration block && isDefinition(block)) {
                cycles.add(block.name().text(), applied);
            }
        }
        reportCycles(cycles);
        return resolution;
    }

    private boolean isDefinition(Declaration.BlockDeclaration block) {
        return resolution.block(block.name().text()).filter(b -> b.block() == block).isPresent();
    }

    private void declareBlocks() {
        Map<String, Identifier> names = new HashMap<>();
        List<Declaration.Model> models = new ArrayList<>();
        for (Declaration declaration : tree.declarations()) {
            Identifier name = declaration.name();
            Identifier before = names.putIfAbsent(name.text(), name);
            if (before != null) {
                diagnostics.add(Diagnostic
                        .error(DiagnosticCode.DUPLICATE_NAME, "`" + name.text() + "` is declared twice", name.span(),
                                "declared again here")
                        .alsoAt(before.span(), "first declared here"));
            }
            switch (declaration) {
                case Declaration.Model model -> models.add(model);
                case Declaration.BlockDeclaration block -> declare(block, before == null);
            }
        }
        for (Declaration.Model model : models.subList(Math.min(1, models.size()), models.size())) {
            diagnostics.add(Diagnostic
                    .error(DiagnosticCode.SEVERAL_MODELS, "a file holds one model", model.name().span(),
                            "a second model")
                    .alsoAt(models.getFirst().name().span(), "the first")
                    .help("give each model a file of its own; what they share can be a block in both"));
        }
    }

    private void declare(Declaration.BlockDeclaration block, boolean first) {
        if (Catalogue.find(block.name().text()).isPresent()) {
            diagnostics.add(Diagnostic.error(DiagnosticCode.DUPLICATE_NAME,
                    "`" + block.name().text() + "` is an op of the language; a block needs a name of its own",
                    block.name().span(), ""));
        } else if (first) {
            resolution.add(BlockDefinition.of(block, diagnostics::add));
        }
    }

    private void reportCycles(BlockCycles cycles) {
        Set<String> endless = cycles.endless();
        endless.forEach(resolution::addEndless);
        for (List<String> circle : cycles.circles(endless)) {
            String name = circle.getFirst();
            String way = circle.size() <= LONGEST_CIRCLE_SHOWN
                    ? String.join(" -> ", circle)
                    : String.join(" -> ", circle.subList(0, LONGEST_CIRCLE_SHOWN)) + " -> ...";
            diagnostics.add(Diagnostic
                    .error(DiagnosticCode.RECURSIVE_BLOCK, "`" + name + "` applies itself: " + way,
                            resolution.block(name).orElseThrow().block().name().span(), "")
                    .help("a network has no recursion; `repeat(n, f)` applies a function n times"));
        }
    }
}
