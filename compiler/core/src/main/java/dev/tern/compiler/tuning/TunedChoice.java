package dev.tern.compiler.tuning;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Takes what was measured where it was measured for this target on this machine and the layer is still what it was, and
 * what the cost model says elsewhere. Whatever is not used is a warning.
 */
public final class TunedChoice implements CostModel.Choice {
    private final List<Tuning.Entry> entries;
    private final List<String> strangers = new ArrayList<>();

    private final CostModel.Choice otherwise;

    private TunedChoice(List<Tuning.Entry> entries, CostModel.Choice otherwise) {
        this.entries = entries;
        this.otherwise = otherwise;
    }

    /** A choice without any measurement: the cost model's. */
    public static TunedChoice untuned() {
        return new TunedChoice(List.of(), CHEAPEST);
    }

    /** The cheapest by the model that needs no memory for several lines at a time. */
    public static TunedChoice withinLines() {
        return new TunedChoice(List.of(), (layer, shape, candidates) -> CHEAPEST.of(layer, shape, only(candidates,
                schedule -> !(schedule instanceof ProductSchedule.ChannelsFirst))));
    }

    /**
     * A choice for little memory, without any measurement: products multiply wherever they can. All codes then lie in
     * bytes, whose array layers share one after the other; of few channels, bytes are also fewer than words of planes.
     * They take a row at a time, too.
     */
    public static TunedChoice inBytes() {
        CostModel.Choice bytes = CostModel.Choice.preferring(ProductSchedule.Family.MULTIPLY);
        return new TunedChoice(List.of(), (layer, shape, candidates) -> bytes.of(layer, shape, only(candidates,
                TunedChoice::oneRow)));
    }

    /** The candidates of some schedules, or all if there are none. */
    private static List<Candidate> only(List<Candidate> candidates, Predicate<ProductSchedule> schedules) {
        List<Candidate> some = candidates.stream().filter(one -> schedules.test(one.schedule())).toList();
        return some.isEmpty() ? candidates : some;
    }

    /** Whether plain loops take one row at a time. */
    private static boolean oneRow(ProductSchedule schedule) {
        return !(schedule instanceof ProductSchedule.Lines) && !(schedule instanceof ProductSchedule.ChannelsFirst)
                && !(schedule instanceof ProductSchedule.Multiplications loops && loops.rows() > 1);
    }

    /**
     * The choice by a tuning.
     *
     * @param model the model's file, beside which the tuning lies
     * @param diagnostics gets TUNING_UNUSED where nothing of it can be used
     */
    public static TunedChoice of(Tuning tuning, Machine here, Target target, Path model, Diagnostics diagnostics) {
        Path file = TuningFile.beside(model);
        if (!tuning.machine().equals(here)) {
            boolean cpu = !tuning.machine().cpu().equals(here.cpu());
            diagnostics.add(unused("the tuning was measured on another " + (cpu ? "processor" : "JVM") + " and", file,
                    cpu
                            ? "on " + tuning.machine().cpu() + ", this is " + here.cpu()
                            : "on " + tuning.machine().jvm() + ", this is " + here.jvm(),
                    model, ""));
            return untuned();
        }
        Target products = target.withoutIntegers();
        List<Tuning.Entry> entries = tuning.targets().get(products.toString());
        if (entries == null) {
            diagnostics.add(unused("the tuning was measured for another target and", file, "for "
                    + String.join(", ", tuning.targets().keySet()) + ", this compiles for " + products, model,
                    " --target "
                            + (products.vector() ? String.valueOf(products.vectorBits()) : products)));
            return untuned();
        }
        return new TunedChoice(entries, CHEAPEST);
    }

    private static Diagnostic unused(String message, Path file, String label, Path model, String option) {
        return Diagnostic.warning(DiagnosticCode.TUNING_UNUSED, message + " is not used",
                new FilePosition(file.toString(), -1, ""), label)
                .help("`tern tune " + model + option + "` measures here; without it the cost model chooses");
    }

    @Override
    public ProductSchedule of(String layer, ProductShape shape, List<Candidate> candidates) {
        Optional<Tuning.Entry> entry = measured(layer, shape);
        Optional<Candidate> candidate = entry.flatMap(measured -> candidates.stream()
                .filter(one -> one.schedule().toString().equals(measured.schedule())).findFirst());
        if (candidate.isEmpty() && !entries.isEmpty()) {
            strangers.add(entry.isPresent() ? layer + " (no schedule '" + entry.get().schedule() + "')" : layer);
        }
        return candidate.map(Candidate::schedule).orElseGet(() -> otherwise.of(layer, shape, candidates));
    }

    /** Whether anything was measured that it can use. */
    public boolean measured() {
        return !entries.isEmpty();
    }

    /** What was measured of a product. */
    public Optional<Tuning.Entry> measured(String layer, ProductShape shape) {
        return entries.stream()
                .filter(entry -> entry.layer().equals(layer) && entry.shape().equals(shape.toString())).findFirst();
    }

    /** Warns of layers that were asked for and not found as they are. */
    public void report(Path model, Diagnostics diagnostics) {
        if (!strangers.isEmpty()) {
            List<String> names = strangers.stream().distinct().toList();
            String count = names.size() == 1 ? "a layer that has" : names.size() + " layers that have";
            diagnostics.add(unused("the tuning of " + count + " changed since", TuningFile.beside(model),
                    "not as measured: " + String.join(", ", names.subList(0, Math.min(8, names.size())))
                            + (names.size() > 8 ? ", ..." : ""),
                    model, ""));
        }
    }
}
