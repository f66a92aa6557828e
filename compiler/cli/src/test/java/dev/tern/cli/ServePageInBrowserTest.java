package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.serve.InferenceServer;
import dev.tern.compiler.Tern;
import java.awt.image.Raster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/** The page of {@code serve} in a browser: a digit is drawn, chosen as a picture, and pasted as numbers. */
class ServePageInBrowserTest {
    private static final Path DIGITS = Path.of(System.getProperty("tern.root"), "models", "digits");

    @TempDir
    private static Path folder;
    private static InferenceServer server;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() throws IOException {
        Browser.assumeOne();
        server = InferenceServer.start(Tern.compile(DIGITS.resolve("digits.tern")), 0);
        browser = Browser.open(folder);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void show() throws InterruptedException {
        Browser.window(browser, 1000, 750, "light");
        browser.get("http://localhost:" + server.address().getPort() + "/");
        Browser.until(() -> !browser.findElements(By.cssSelector("tr.top")).isEmpty());
    }

    private static String best() {
        return browser.findElement(By.cssSelector("tr.top td.name")).getText();
    }

    private static void answers(String digit) throws InterruptedException {
        Browser.until(() -> browser.executeScript("return [...document.querySelectorAll('tr.top td.name')]"
                + ".some(name => name.textContent === arguments[0])", digit).equals(true));
        assertThat(best()).isEqualTo(digit);
        assertThat(browser.findElements(By.cssSelector("#answer tr"))).hasSize(10);
        assertThat(browser.findElement(By.id("time")).getText()).startsWith("Computed in ").contains("answered in ");
    }

    /** For somebody to look at. */
    private static void picture(String name) throws IOException {
        Path pictures = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(pictures.resolve("serve-" + name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    @Test
    void aDigitIsDrawn() throws Exception {
        Browser.window(browser, 1000, 750, "dark");
        WebElement canvas = browser.findElement(By.tagName("canvas"));
        // A bar across and one down to the left: a seven.
        new Actions(browser).moveToElement(canvas, -60, -90).clickAndHold().moveByOffset(60, 0).moveByOffset(60, 0)
                .moveByOffset(-30, 90).moveByOffset(-35, 100).release().perform();
        answers("7");
        picture("drawn");
    }

    @Test
    void aPictureIsChosen() throws Exception {
        browser.findElement(By.cssSelector("input[type=file]"))
                .sendKeys(DIGITS.resolve("samples/seven.png").toAbsolutePath().toString());
        answers("7");
        picture("chosen");
    }

    @Test
    void numbersArePasted() throws Exception {
        Raster seven = ImageIO.read(new File(DIGITS.toFile(), "samples/seven.png")).getRaster();
        StringJoiner numbers = new StringJoiner(", ", "[", "]");
        for (int i = 0; i < 784; i++) {
            numbers.add(Float.toString(seven.getSample(i % 28, i / 28, 0) / 255f));
        }
        paste(numbers.toString());
        answers("7");
        picture("pasted");

        paste("1 2 3");
        assertThat(browser.findElement(By.id("problem")).getText())
                .isEqualTo("image takes 784 numbers; 3 are given");
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }

    private static void paste(String text) {
        browser.executeScript("const data = new DataTransfer(); data.setData('text/plain', arguments[0]);"
                + " document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));",
                text);
    }
}
