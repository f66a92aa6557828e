package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompiledModelTest {
    /** The model of {@link Negative} defined as a hidden class. */
    static CompiledModel negative(Element element, int elements) throws Exception {
        int bytes = element == Element.F32 ? 0 : elements;
        ArenaPlan plan = new ArenaPlan(elements, 0, 0, bytes, List.of(0), List.of(0));
        Signature signature = new Signature("Negative", "", List.of(Signature.Port.of("x", element, elements)),
                List.of(Signature.Port.of("y", Element.F32, elements)), List.of(), 0, plan.bytes(), "portable", "");
        Class<?> hidden = MethodHandles.lookup().defineHiddenClassWithClassData(classFile(),
                new Weights(signature, plan, List.of()), true).lookupClass();
        return (CompiledModel) hidden.getDeclaredMethod("model").invoke(null);
    }

    private static byte[] classFile() throws IOException {
        try (InputStream in = Negative.class.getResourceAsStream("Negative.class")) {
            return in.readAllBytes();
        }
    }

    @Test
    void givesIndependentSessionsOfAClassWithAResource() {
        CompiledModel model = Scaler.model();
        Session first = model.newSession();
        Session second = model.newSession();
        assertThat(first).isInstanceOf(Scaler.class).isNotSameAs(second);
        assertThat(first.f32).isNotSameAs(second.f32);
        assertThat(first.signature()).isSameAs(model.signature());
        assertThat(model).hasToString("model Scaler(image: f32[1, 3], t: step[5]) -> (scores: f32[3], best: i32[])");
    }

    @Test
    void givesSessionsOfAHiddenClassWithClassData() throws Exception {
        Session session = negative(Element.F32, 2).newSession();
        assertThat(session.getClass().isHidden()).isTrue();
        assertThat(session.run(new float[]{1, -2})).containsExactly(-1, 2);
    }

    @Test
    void saysThatAClassHasNoClassData() {
        assertThatThrownBy(() -> CompiledModel.ofClassData(null, MethodHandles.lookup()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("CompiledModelTest")
                .hasMessageContaining("no class data");
    }

    @Test
    void saysThatASessionGivesNoOthers() {
        Session lonely = new Session(null) {
            @Override
            protected void infer() {
                throw new AssertionError();
            }
        };
        CompiledModel model = CompiledModel.load(lonely, new ByteArrayInputStream(Scaler.FILE), "x",
                WeightFile.checksum(Scaler.FILE), 0);
        assertThatThrownBy(model::newSession).isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("no session of " + lonely.getClass().getName() + " gives others");
    }

    /** This test's classes lie in a folder of the class path, the JDK's in a module, JUnit's in a jar. */
    @Test
    void filesBesideClassesAreFoundWhereTheClassesCameFrom() throws IOException {
        try (InputStream in = WeightFile.beside(Negative.class, "Negative.class")) {
            assertThat(in.readAllBytes()).isEqualTo(classFile());
        }
        try (InputStream in = WeightFile.beside(Test.class, "Test.class")) {
            assertThat(in.readNBytes(4)).containsExactly(0xca, 0xfe, 0xba, 0xbe);
        }
        assertThat(WeightFile.beside(Test.class, "Test.weights")).isNull();
        assertThat(WeightFile.beside(Negative.class, "Negative.weights")).isNull();
        assertThat(WeightFile.beside(List.class, "List.class")).isNull();
    }
}
