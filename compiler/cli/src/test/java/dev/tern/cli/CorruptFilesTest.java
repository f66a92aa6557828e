package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.hostile.GoodFiles;
import dev.tern.cli.output.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that were right before bytes in them were changed, dropped or doubled: a command on them succeeds or answers
 * with a diagnostic, and does nothing else.
 */
class CorruptFilesTest {
    private static final int ROUNDS = Integer.getInteger("tern.corrupt.rounds", 40);
    private static final String PIECES = "(){}[]|>=->:,.._\"0123456789x+-*eE \n";

    @TempDir
    private Path folder;

    static Stream<String> files() {
        return GoodFiles.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    @Timeout(value = ChildProcess.MINUTES_TO_HANG, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
    void isReadOrRefused(String corrupted) throws IOException {
        Map<String, byte[]> good = GoodFiles.all();
        for (Map.Entry<String, byte[]> file : good.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        assertThat(run(corrupted)).as("the good files").isZero();
        Random random = new Random(corrupted.hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            byte[] content = corrupt(good.get(corrupted), random);
            Files.write(folder.resolve(corrupted), content);
            run(corrupted);
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left.map(path -> path.getFileName().toString())).as("round %d", round)
                        .containsExactlyInAnyOrderElementsOf(good.keySet());
            }
        }
    }

    private int run(String corrupted) {
        List<String> command = GoodFiles.command(corrupted).stream()
                .map(argument -> argument.replace("@", folder + "/")).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        int exitCode = Main.run(new Console(out, out, true, false), command.toArray(String[]::new));
        out.flush();
        String said = bytes.toString(StandardCharsets.UTF_8);
        assertThat(exitCode).as(said).isBetween(0, 1);
        assertThat(exitCode == 1).as(said).isEqualTo(said.contains("error[T"));
        assertThat(said).doesNotContain("Exception").hasSizeLessThan(200_000);
        return exitCode;
    }

    private static byte[] corrupt(byte[] good, Random random) {
        byte[] content = good.clone();
        for (int edits = 1 + random.nextInt(4); edits > 0 && content.length > 1; edits--) {
            int at = random.nextInt(content.length);
            int length = Math.min(content.length - at, 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 3));
            switch (random.nextInt(5)) {
                case 0 -> content[at] = (byte) random.nextInt();
                case 1 -> content[at] = (byte) PIECES.charAt(random.nextInt(PIECES.length()));
                case 2 -> content = splice(content, at, at + length, new byte[0]);
                case 3 -> content = splice(content, at, at, Arrays.copyOfRange(content, at, at + length));
                default -> content = splice(content, at, at, new byte[]{(byte) PIECES.charAt(random.nextInt(PIECES
                        .length()))});
            }
        }
        return content;
    }

    private static byte[] splice(byte[] content, int from, int to, byte[] middle) {
        byte[] result = Arrays.copyOf(content, content.length - (to - from) + middle.length);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(content, to, result, from + middle.length, content.length - to);
        return result;
    }
}
