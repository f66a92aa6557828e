package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/** The page of {@code explain --html} in a browser without a window, by Debian's chromium and chromium-driver. */
class ExplainPageInBrowserTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));

    @TempDir
    private static Path folder;
    private static Path page;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() {
        Browser.assumeOne();
        page = folder.resolve("digits.html");
        Invocation explain = Invocation.of("explain", ROOT.resolve("models/digits"), "--html", page, "--input",
                ROOT.resolve("models/digits/samples/seven.png"));
        assertThat(explain.err()).isEmpty();
        browser = Browser.open(folder);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void show() {
        Browser.window(browser, 1200, 900, "light");
        browser.get(page.toUri().toString());
    }

    private static WebElement graph(String id) {
        return browser.findElement(By.xpath("//*[local-name()='svg' and .//*[@id='" + id + "-0']]"));
    }

    private static String told(String id) {
        return browser.findElement(By.xpath("//*[local-name()='svg' and .//*[@id='" + id
                + "-0']]/following-sibling::pre")).getText();
    }

    private static double[] view(String id) {
        return Stream.of(graph(id).getDomAttribute("viewBox").split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static List<String> chosen(String kind) {
        return browser.findElements(By.cssSelector(".node." + kind)).stream()
                .map(node -> node.getDomAttribute("id")).toList();
    }

    @Test
    void keysMoveAndChoose() {
        browser.executeScript("arguments[0].focus()", graph("before"));
        double[] first = view("before");
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN);
        assertThat(view("before")[1]).isGreaterThan(first[1]);
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_UP, Keys.ARROW_LEFT);
        assertThat(view("before")[0]).isLessThan(first[0]);
        browser.switchTo().activeElement().sendKeys("+");
        assertThat(view("before")[2]).isLessThan(first[2]);
        browser.switchTo().activeElement().sendKeys("1");
        assertThat(view("before")).containsExactly(first);
        browser.switchTo().activeElement().sendKeys("nnn");
        assertThat(chosen("chosen")).containsExactly("before-2");
        assertThat(told("before")).contains("layer stem.conv: conv to [28, 28, 16]",
                "weights int(8), activations static(8, 0..1), 208 bytes, 112,896 multiply-adds", "predicted ");
        // The other graph shows what became of the layer.
        assertThat(chosen("same")).anyMatch(id -> id.startsWith("after-"));
        browser.switchTo().activeElement().sendKeys("p");
        assertThat(chosen("chosen")).containsExactly("before-1");
    }

    /** Whoever has no pointer comes to every part by the tab key. */
    @Test
    void theTabKeyReachesButtonsGraphsAndTables() {
        for (int i = 0; i < 30 && !browser.switchTo().activeElement().equals(graph("after")); i++) {
            new Actions(browser).sendKeys(Keys.TAB).perform();
        }
        assertThat(browser.switchTo().activeElement()).isEqualTo(graph("after"));
        new Actions(browser).sendKeys(Keys.TAB).perform();
        assertThat(browser.switchTo().activeElement().getDomAttribute("aria-label")).isEqualTo("Layers");
    }

    @Test
    void thePointerIsToldOfNodes() {
        new Actions(browser).moveToElement(browser.findElement(By.id("before-4"))).perform();
        assertThat(told("before")).contains("batch_norm").contains("layer stem.batchnorm");
        browser.findElement(By.xpath("//button[text()='All of it']")).click();
        double[] all = view("before");
        assertThat(all[3]).isGreaterThanOrEqualTo(Double.parseDouble(graph("before").getDomAttribute("data-height")));
    }

    /** A drag moves the graph by as much, and the wheel zooms where the graph has the focus. */
    @Test
    void dragging() {
        double[] first = view("before");
        new Actions(browser).moveToElement(graph("before"), -300, 0).clickAndHold().moveByOffset(0, -60)
                .moveByOffset(0, -40).release().perform();
        assertThat(view("before")[1]).isGreaterThan(first[1] + 50);
        assertThat(chosen("chosen")).isEmpty();
    }

    @Test
    void coloursFollowTheReader() {
        String light = browser.findElement(By.tagName("body")).getCssValue("background-color");
        String ink = browser.findElement(By.tagName("h1")).getCssValue("color");
        Browser.window(browser, 1200, 900, "dark");
        assertThat(browser.findElement(By.tagName("body")).getCssValue("background-color")).isNotEqualTo(light);
        assertThat(browser.findElement(By.tagName("h1")).getCssValue("color")).isNotEqualTo(ink);
        assertThat(light).contains("255, 255, 255");
    }

    @Test
    void aNarrowWindowDoesNotScrollSideways() {
        for (int width : new int[]{360, 420, 800}) {
            Browser.window(browser, width, 800, "light");
            assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(width);
        }
    }

    /** Every drawing has a name for those who do not see it, and every id is one. */
    @Test
    void drawingsHaveNames() {
        for (WebElement svg : browser.findElements(By.tagName("svg"))) {
            assertThat(svg.getDomAttribute("aria-label")).isNotBlank();
        }
        assertThat((Long) browser.executeScript("const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
                + "return ids.length - new Set(ids).size")).isZero();
    }

    @Test
    void theScriptHasNoComplaints() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
        assertThat((Boolean) browser.executeScript(
                "return performance.getEntriesByType('resource').length == 0")).isTrue();
    }
}
