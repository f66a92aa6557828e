package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JavaVersionTest {
    @Test
    void classFilesAreForJava17() throws IOException {
        try (DataInputStream in = new DataInputStream(Session.class.getResourceAsStream("Session.class"))) {
            assertThat(in.readInt()).isEqualTo(0xcafebabe);
            assertThat(in.readInt()).as("minor and major version").isEqualTo(61);
        }
    }

    @Test
    void runsOnAnOlderJavaToo() {
        String older = System.getProperty("tern.older.java");
        assumeTrue(older != null, "this run is on Java " + Runtime.version().feature()
                + "; a second one is made where Maven runs on a Java from 17 to 24");
        assertThat(Runtime.version().feature()).hasToString(older).isLessThan(25);
    }
}
