package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tests' JVM has no Vector API: which code runs where it has is tested with the classes that the compiler makes.
 */
class VariantTest {
    private String before;

    @BeforeEach
    void keep() {
        before = System.getProperty(Variant.PROPERTY);
        System.clearProperty(Variant.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(Variant.PROPERTY);
        } else {
            System.setProperty(Variant.PROPERTY, before);
        }
    }

    @Test
    void plainLoopsWithoutTheVectorApi() {
        String reason = Runtime.version().feature() == 25
                ? "the JVM was started without --add-modules jdk.incubator.vector"
                : "vector code is for Java 25, this is Java " + Runtime.version().feature();
        assertThat(Variant.ofThisJvm()).isEqualTo(new Variant(0, false, reason)).hasToString("portable");
        System.setProperty(Variant.PROPERTY, "512");
        assertThat(Variant.ofThisJvm(256 | 512)).isEqualTo(new Variant(0, false, reason));
        assertThatThrownBy(Variant::vectorModule).isInstanceOf(IllegalStateException.class).hasMessage(reason);
    }

    @Test
    void thePropertyAsksForPlainLoops() {
        System.setProperty(Variant.PROPERTY, "Portable");
        assertThat(Variant.ofThisJvm(512)).isEqualTo(new Variant(0, true, "asked for by -Dtern.target"));
    }

    @Test
    void thePropertyIsChecked() {
        System.setProperty(Variant.PROPERTY, "64");
        assertThatThrownBy(Variant::ofThisJvm).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dtern.target=64: expected portable, 128, 256 or 512");
    }

    @Test
    void aVectorVariantIsNamedByItsWidth() {
        assertThat(new Variant(512, false, "")).hasToString("vector 512");
    }
}
