package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the page of {@code explain --html}; how it looks and works is {@link ExplainPageInBrowserTest}'s. */
class ExplainPageTest {
    @TempDir
    private Path folder;
    private Path model;
    private Path page;

    @BeforeEach
    void writeModel() throws IOException {
        model = Fixture.model(folder);
        page = folder.resolve("report.html");
    }

    private String explain(Object... more) throws IOException {
        Object[] arguments = new Object[4 + more.length];
        System.arraycopy(new Object[]{"explain", model, "--html", page}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        Invocation explain = Invocation.of(arguments);
        assertThat(explain.err()).isEmpty();
        assertThat(explain.out()).isEqualTo("wrote " + page + "\n");
        return Files.readString(page);
    }

    private static int count(String text, String pattern) {
        return (int) Pattern.compile(pattern).matcher(text).results().count();
    }

    /** Nothing is fetched: no address stands in the page. */
    @Test
    void thePageNeedsNothingBesideIt() throws IOException {
        assertThat(explain()).startsWith("<!DOCTYPE html>").endsWith("</html>\n").doesNotContain("://", " src=",
                " href=", "@import", "url(http");
    }

    /** image, quantize, flatten, dense, rescale, place before; the same in another order after. */
    @Test
    void bothGraphsAreDrawn() throws IOException {
        String text = explain();
        assertThat(count(text, "<g class=\"node [a-z]+\" id=\"before-")).isEqualTo(6);
        assertThat(count(text, "<g class=\"node [a-z]+\" id=\"after-")).isEqualTo(6);
        assertThat(count(text, "<g class=\"node product\"")).isEqualTo(2);
        assertThat(text).contains("weights int(8), activations static(8, 0..1), 24 bytes, 12 multiply-adds")
                .contains("aria-label=\"dense i32&lt;").contains("Finds the brightest pixel.");
    }

    @Test
    void sizesTimesMemoryAndWeights() throws IOException {
        String text = explain();
        assertThat(text).contains("<td>weights and tables in a file</td><td>", "memory of a session",
                "As the cost model predicts it", "<td>place.dense</td><td>dense</td><td>[3]</td><td>int(8)</td>",
                "<figcaption>place.dense<br>12 weights", "place.dense, codes<br>12 weights")
                .doesNotContain("Values of each layer", "measured</th>", "<td>accuracy</td>");
        assertThat(count(text, "<rect class=\"held\"")).isPositive();
    }

    @Test
    void measuredTimesStandBesidePredictedOnes() throws IOException {
        assertThat(explain("--measure")).contains("measured</th>", "As measured in this JVM").containsPattern(
                "layer place\\.dense: dense to \\[3](\n.*){1,3}predicted [0-9.]+ [nu]s, measured [0-9.]+ [nu]s");
    }

    /** Three examples of four are right; weights of 0.5 and 1 have three codes. */
    @Test
    void dataTellsOfAccuracyAndValues() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), "0,1,0,0,1\n1,0,0,0,0\n0,0,1,0,2\n0,0,0,1,0\n");
        assertThat(explain("--data", data)).contains("75.00 % (3 of 4, " + data + ")", "On 4 samples of " + data,
                "<figcaption>image</figcaption>", "<figcaption>place.flatten</figcaption>",
                "<figcaption>place.dense</figcaption>", "values of image, from 0.00 to 1.00");
    }

    @Test
    void oneInputTellsOfValues() throws IOException {
        assertThat(explain("--input", Fixture.input(folder))).contains("On 1 sample of ",
                "values of image, from 0.00 to 1.00").doesNotContain("<td>accuracy</td>");
    }

    @Test
    void namesAreWrittenAsTheyAre() throws IOException {
        Files.writeString(model, Fixture.TEXT.replace("Finds the", "Finds </script><b>the & \"x\""));
        assertThat(explain()).contains("Finds &lt;/script&gt;&lt;b&gt;the &amp; &quot;x&quot; brightest")
                .doesNotContain("<b>");
    }

    @Test
    void optionsThatDoNotGoTogether() {
        assertThat(Invocation.of("explain", model, "--data", folder).err())
                .startsWith("tern: --data and --input are for the page that --html writes");
        assertThat(Invocation.of("explain", model, "--html", page, "--data", folder, "--input", "x").err())
                .startsWith("tern: --data and --input are both examples; give one of them");
        assertThat(Invocation.of("explain", model, "--html", page, "--dump").err())
                .startsWith("tern: --html writes a page; --after and --dump print");
        assertThat(page).doesNotExist();
    }

    @Test
    void aPageThatCannotBeWritten() {
        Invocation explain = Invocation.of("explain", model, "--html", model.resolve("page.html"));
        assertThat(explain.exitCode()).isEqualTo(1);
        assertThat(explain.err()).startsWith("error[T1008]");
    }
}
