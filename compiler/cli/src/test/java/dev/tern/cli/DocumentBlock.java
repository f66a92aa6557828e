package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of one of the project's documents, which are all its files of Markdown.
 *
 * @param document its path from the root
 * @param language that stands behind the fence; empty for none
 */
record DocumentBlock(String document, String language, String text) {
    private static final Pattern FENCE = Pattern.compile("^ *(```+|~~~+)(.*)$");
    private static final Pattern INLINE = Pattern.compile("`(\\./tern [a-z][^`\n]*)`");
    /** What the reader puts a word of his own for, and what is left out. */
    private static final Pattern OPEN = Pattern.compile("(^| )\\[?-*[A-Z]{2,}|\\.\\.\\.");

    /** All documents, in the order of their paths, the README first. */
    static List<String> documents(Path root) throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return name.equals("target") || name.equals("src") || name.equals("node_modules")
                        || name.startsWith(".") && !folder.equals(root)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    found.add(root.relativize(file).toString());
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(null);
        found.remove("README.md");
        found.addFirst("README.md");
        return found;
    }

    /** All blocks of a document, in order. */
    static List<DocumentBlock> of(Path root, String document) throws IOException {
        List<DocumentBlock> blocks = new ArrayList<>();
        Optional<String> fence = Optional.empty();
        String language = "";
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(root.resolve(document))) {
            Matcher found = FENCE.matcher(line);
            boolean mark = found.matches();
            if (fence.isEmpty() && mark) {
                fence = Optional.of(found.group(1));
                language = found.group(2).strip();
                text.setLength(0);
            } else if (mark && line.strip().equals(fence.orElseThrow())) {
                blocks.add(new DocumentBlock(document, language, text.toString()));
                fence = Optional.empty();
            } else if (fence.isPresent()) {
                text.append(line).append('\n');
            }
        }
        assertThat(fence).as("a block of " + document + " that does not end").isEmpty();
        return blocks;
    }

    /**
     * The commands of a document: each of its blocks of a shell, and those in its text that can be typed as they are.
     */
    static List<String> commands(Path root, String document) throws IOException {
        Stream<String> blocks = of(root, document).stream().filter(block -> block.language.equals("sh"))
                .flatMap(block -> block.text.replaceAll("\\\\\n *", "").lines())
                .map(line -> line.replaceFirst(" +# .*", ""));
        String prose = Files.readString(root.resolve(document)).replaceAll("(?ms)^ *```.*?^ *```$", "");
        Stream<String> inline = INLINE.matcher(prose).results().map(found -> found.group(1))
                .filter(command -> !OPEN.matcher(command).find() && command.split(" ").length > 2);
        return Stream.concat(blocks, inline).distinct().toList();
    }
}
