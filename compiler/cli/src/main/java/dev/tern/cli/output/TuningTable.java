package dev.tern.cli.output;

import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Machine;
import dev.tern.compiler.tuning.MeasuredProduct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured of a model's products, shown as it comes in. */
public final class TuningTable {
    private final Console console;
    private final boolean json;
    /** What was measured of the target so far. */
    private final List<MeasuredProduct> sum = new ArrayList<>();
    private boolean begun;

    /** @param json whether standard output is for JSON alone, and what comes in goes to standard error */
    public TuningTable(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    /** One product, the first of a model or a target below its heading, the last above the target's sum. */
    public void measured(String model, Target target, MeasuredProduct product, int done, int all) {
        if (!begun) {
            Machine machine = Machine.current();
            line(model + " on " + machine.cpu() + ", " + machine.jvm());
            begun = true;
        }
        if (done == 1) {
            line(target + " code");
            sum.clear();
        }
        sum.add(product);
        String chosen = product.byModel().equals(product.best())
                ? "as the cost model says"
                : String.format(Locale.ROOT, "the cost model says %s, %s, %.0f%% more",
                        product.byModel().candidate().schedule(), Nanos.text(product.byModel().nanoseconds()),
                        100 * product.loss());
        line(String.format(Locale.ROOT, "  %d/%d %s: %s, %s (%s)", done, all, product.layer(),
                product.best().candidate().schedule(), Nanos.text(product.best().nanoseconds()), chosen));
        if (done == all) {
            double best = sum.stream().mapToDouble(one -> one.best().nanoseconds()).sum();
            double byModel = sum.stream().mapToDouble(one -> one.byModel().nanoseconds()).sum();
            line(String.format(Locale.ROOT, "  together %s, by the cost model %s", Nanos.text(best),
                    Nanos.text(byModel)));
        }
    }

    private void line(String text) {
        (json ? console.err() : console.out()).println(text);
    }

    /** The same for programs, with every candidate. */
    public static List<Object> toJson(Map<Target, List<MeasuredProduct>> measured) {
        return measured.entrySet().stream().<Object>map(entry -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("target", entry.getKey().toString());
            object.put("products", entry.getValue().stream().map(TuningTable::toJson).toList());
            return object;
        }).toList();
    }

    private static Map<String, Object> toJson(MeasuredProduct product) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("layer", product.layer());
        object.put("shape", product.shape().toString());
        object.put("fastest", product.best().candidate().schedule().toString());
        object.put("byCostModel", product.byModel().candidate().schedule().toString());
        object.put("candidates", product.times().stream().map(time -> {
            Map<String, Object> candidate = new LinkedHashMap<>();
            candidate.put("schedule", time.candidate().schedule().toString());
            candidate.put("measuredNanos", time.nanoseconds());
            candidate.put("predictedNanos", time.candidate().nanoseconds());
            candidate.put("weightBytes", time.candidate().weightBytes());
            return candidate;
        }).toList());
        return object;
    }
}
