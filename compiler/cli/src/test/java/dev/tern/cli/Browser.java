package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A browser without a window: Debian's chromium and chromium-driver. */
final class Browser {
    private Browser() {
    }

    private static Optional<Path> program(String... names) {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(place -> Stream.of(names).map(Path.of(place)::resolve)).filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Path> chromium() {
        return program("chromium", "google-chrome");
    }

    private static Optional<Path> driver() {
        return program("chromedriver");
    }

    /** Skips the tests of a class where there is none. */
    static void assumeOne() {
        assumeTrue(chromium().isPresent() && driver().isPresent(),
                "no browser: install Debian's chromium and chromium-driver");
    }

    /** A new one, whose profile goes into a folder. */
    static ChromeDriver open(Path folder) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium().orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile"));
        LoggingPreferences log = new LoggingPreferences();
        log.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, log);
        return new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver().orElseThrow().toFile())
                .usingAnyFreePort().withTimeout(Duration.ofMinutes(2)).build(), options);
    }

    /** Makes the page so large, and light or dark. */
    static void window(ChromeDriver browser, int width, int height, String scheme) {
        browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        browser.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Waits for something that a page does by itself; two minutes only end what hangs. */
    static void until(BooleanSupplier seen) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!seen.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for two minutes").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
