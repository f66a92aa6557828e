package dev.tern.compiler.kernel.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Lifetimes;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Places of buffers of all lengths and lifetimes. */
class PlanArenaTest {
    /** What the places of {@link #MANY} models of {@link #drawn} end at, all together. */
    private static final int ENDS = 39793;
    private static final int MANY = 60;
    private static final int GREAT_END = 2210;

    private record Life(int first, int last, int length) {
    }

    /** A program whose values live so: the kernel of a moment reads what ends then and writes what begins. */
    private static KernelProgram program(List<Life> lives, int moments) {
        KernelSketch builder = new KernelSketch();
        BufferId input = builder.input(1, 1);
        List<BufferId> values = lives.stream().map(life -> builder.value(1, life.length())).toList();
        for (int moment = 0; moment < moments; moment++) {
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < lives.size(); i++) {
                if (lives.get(i).last() == moment) {
                    steps.add(new Step.WithBuffer(BinaryFunction.ADD, values.get(i), false, Spread.NONE));
                }
                if (lives.get(i).first() == moment) {
                    steps.add(KernelSketch.store(values.get(i), 1));
                }
            }
            builder.load(input, 1, 1, steps.toArray(Step[]::new));
        }
        return builder.build();
    }

    private static KernelProgram planned(KernelProgram program) {
        KernelProgram planned = new PlanArena().apply(program, new Diagnostics());
        Lifetimes lifetimes = Lifetimes.of(planned);
        for (Buffer a : planned.buffers()) {
            assertThat(a.offset() * a.bank().bytes() % 64).as(a.name()).isZero();
            for (Buffer b : planned.buffers()) {
                boolean apart = a.bank() != b.bank() || a.inWork() != b.inWork()
                        || a.offset() + a.length() <= b.offset() || b.offset() + b.length() <= a.offset();
                assertThat(apart || a.equals(b) || !lifetimes.overlap(a.id(), b.id())).as(a + " and " + b).isTrue();
            }
        }
        return planned;
    }

    private static List<Integer> offsets(KernelProgram program) {
        return new PlanArena().apply(program, new Diagnostics()).buffers().stream().map(Buffer::offset).toList();
    }

    private static List<Life> drawn(Random random, int moments) {
        return drawn(random, moments, 2 + random.nextInt(3 * moments), 2 + random.nextInt(99));
    }

    /** @param lengths how many there are, so that many are equal where these are few */
    private static List<Life> drawn(Random random, int moments, int count, int lengths) {
        List<Life> lives = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int first = random.nextInt(moments);
            lives.add(new Life(first, first + random.nextInt(Math.min(moments - first, 9)),
                    2 + random.nextInt(lengths) * 100 / lengths));
        }
        return lives;
    }

    /** Of very many values fewer orders are tried. */
    @Test
    void aGreatModelEndsWhereItDoes() {
        KernelProgram program = program(drawn(new Random(5), 60, 300, 50), 60);
        assertThat(planned(program).arenaLength(Bank.F32)).isEqualTo(GREAT_END);
    }

    /** How good the orders are that are tried. */
    @Test
    void manyModelsEndWhereTheyDo() {
        int ends = 0;
        for (int seed = 0; seed < MANY; seed++) {
            ends += planned(program(drawn(new Random(seed), 16), 16)).arenaLength(Bank.F32);
        }
        assertThat(ends).isEqualTo(ENDS);
    }

    @Test
    void someModelsPlaces() {
        StringBuilder text = new StringBuilder();
        for (int seed = 100; seed < 106; seed++) {
            List<Life> lives = drawn(new Random(seed), 10);
            List<Buffer> buffers = planned(program(lives, 10)).buffers();
            text.append("input at ").append(buffers.getFirst().offset()).append('\n');
            for (int i = 0; i < lives.size(); i++) {
                Life life = lives.get(i);
                text.append(String.format("    %3d from %d to %d at %d%n", life.length(), life.first(), life.last(),
                        buffers.get(i + 1).offset()));
            }
        }
        Golden.check("dev/tern/compiler/kernel/pass/PlanArena/places.golden", text.toString());
    }

    @Test
    void banksAndScratchHaveArraysOfTheirOwn() {
        KernelSketch builder = new KernelSketch();
        BufferId input = builder.input(2, 5);
        BufferId codes = builder.buffer(Bank.I8, new Layout.Plain(2, 5), Buffer.Role.VALUE);
        BufferId other = builder.buffer(Bank.I8, new Layout.Plain(2, 5), Buffer.Role.VALUE);
        BufferId scratch = builder.buffer(Bank.I8, new Layout.Plain(2, 5), Buffer.Role.SCRATCH);
        BufferId unused = builder.value(2, 5);
        BufferId output = builder.output(2, 5);
        builder.load(input, 2, 5, KernelSketch.store(codes, 5), KernelSketch.store(other, 5));
        builder.load(codes, 2, 5, new Step.WithBuffer(BinaryFunction.ADD, other, false, Spread.NONE),
                new Step.WithBuffer(BinaryFunction.ADD, scratch, false, Spread.NONE), KernelSketch.store(output, 5));
        KernelProgram program = builder.build();
        assertThat(offsets(program)).containsExactly(0, 0, 64, 0, 0, 0);
        assertThat(unused.index()).isEqualTo(4);
        assertThat(new PlanArena().apply(program, new Diagnostics()).arenaBytes()).isEqualTo(2 * 5 * 4 + 64 + 10 + 10);
    }

    @Test
    void anOutputTakesThePlaceOfAnInputThatEndsWithIt() {
        KernelSketch builder = new KernelSketch();
        BufferId input = builder.input(2, 16);
        BufferId first = builder.value(2, 16);
        BufferId second = builder.value(2, 16);
        BufferId output = builder.output(2, 16);
        builder.load(input, 2, 16, KernelSketch.TANH, KernelSketch.store(first, 16));
        builder.load(first, 2, 16, KernelSketch.TANH, KernelSketch.store(second, 16));
        builder.load(second, 2, 16, new Step.WithBuffer(BinaryFunction.ADD, first, false, Spread.NONE),
                KernelSketch.store(output, 16));
        assertThat(offsets(builder.build())).containsExactly(0, 0, 32, 32);
    }

    /** The caller's own arrays of f32 take no place. */
    @Test
    void whatLiesOutsideBeginsAtNothing() {
        KernelSketch builder = new KernelSketch();
        BufferId input = builder.input(1, 40);
        BufferId value = builder.value(1, 20);
        BufferId output = builder.output(1, 30);
        builder.load(input, 1, 40, KernelSketch.store(value, 1));
        builder.load(value, 1, 20, KernelSketch.store(output, 1));
        KernelProgram planned = new PlanArena().apply(builder.build(Target.vector(256), 0), new Diagnostics());
        assertThat(planned.buffers()).extracting(Buffer::offset).containsExactly(0, 0, 0);
        assertThat(planned.arenaLength(Bank.F32)).isEqualTo(20);
    }
}
