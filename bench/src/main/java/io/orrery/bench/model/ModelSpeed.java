package io.orrery.bench.model;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Devices;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.DType;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast a device runs a model of random weights: {@code --device cuda:0 --shape llama-3.1-8b --type q4_k}. Prints the rows of a
 * table: prompts of some lengths, then steps of some batches, each sequence behind a prompt that was computed. A step ends with its logits in the host's memory; sampling is not timed.
 */
public final class ModelSpeed {
    private static final String USAGE =
            "usage: ModelSpeed --device DEVICE --shape SHAPE [--type TYPE] [--exact true] [--prompts 512,2048]"
                    + " [--batches 1,32] [--context 512] [--steps 32] [--check true]";
    private static final int PROMPT_RUNS = 5;

    /** Before what is timed: Java compiles what runs often. */
    private static final int WARM_UP_STEPS = 128;

    /** Fewer steps are no measurement. */
    private static final int WARM_UP_FROM = 8;

    /**
     * What to measure.
     *
     * @param exact whether weights are multiplied by F32 activations
     * @param prompts lengths of prompts
     * @param batches sequences of a step
     * @param context tokens of each sequence before its first step
     * @param steps of which the median is taken
     * @param check whether only to say if rows are the same bits alone and together
     */
    record Plan(
            String device,
            String shape,
            DType type,
            boolean exact,
            List<Integer> prompts,
            List<Integer> batches,
            int context,
            int steps,
            boolean check) {
        /** @throws IllegalArgumentException where it is no plan, with the usage */
        static Plan of(String... arguments) {
            Map<String, String> options = new HashMap<>();
            Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
            while (rest.size() > 1) {
                options.put(rest.removeFirst(), rest.removeFirst());
            }
            if (!rest.isEmpty() || !options.containsKey("--device") || !options.containsKey("--shape")) {
                throw new IllegalArgumentException(USAGE);
            }
            return new Plan(
                    options.get("--device"),
                    options.get("--shape"),
                    DType.valueOf(options.getOrDefault("--type", "bf16").toUpperCase(Locale.ROOT)),
                    Boolean.parseBoolean(options.getOrDefault("--exact", "false")),
                    numbers(options.getOrDefault("--prompts", "512")),
                    numbers(options.getOrDefault("--batches", "1")),
                    Integer.parseInt(options.getOrDefault("--context", "512")),
                    Integer.parseInt(options.getOrDefault("--steps", "32")),
                    Boolean.parseBoolean(options.getOrDefault("--check", "false")));
        }

        private static List<Integer> numbers(String list) {
            return Arrays.stream(list.split(","))
                    .filter(number -> !number.isEmpty())
                    .map(Integer::valueOf)
                    .toList();
        }
    }

    private final Plan plan;
    private final PrintStream to;

    private ModelSpeed(Plan plan, PrintStream to) {
        this.plan = plan;
        this.to = to;
    }

    public static void main(String[] arguments) {
        run(Plan.of(arguments), System.out);
    }

    static void run(Plan plan, PrintStream to) {
        try (Ops ops = Devices.open(plan.device(), new DeviceSettings(0, plan.exact()))) {
            new ModelSpeed(plan, to).on(ops);
        }
    }

    private void on(Ops ops) {
        CausalLm spec = MakeModel.spec(plan.shape());
        long start = System.nanoTime();
        int most = plan.batches().stream().mapToInt(batch -> batch).max().orElse(1);
        int longest = plan.prompts().stream().mapToInt(length -> length).max().orElse(1);
        int slots = Math.max(longest, most * (plan.context() + plan.steps() + 1)) + most * RandomModel.BLOCK;
        try (RandomModel model = new RandomModel(spec, plan.type(), slots, ops)) {
            to.printf(
                    Locale.ROOT,
                    "%s %s on %s: loaded in %.1f s%n",
                    plan.shape(),
                    plan.type(),
                    ops.device(),
                    seconds(start));
            if (plan.check()) {
                to.println(model.isTheSameAloneAndTogether() ? "alone and together: the same bits" : "DIFFERENT");
                return;
            }
            plan.prompts().forEach(length -> prompt(model, length));
            plan.batches().forEach(batch -> steps(model, batch));
        }
    }

    private void prompt(RandomModel model, int length) {
        double[] times = new double[PROMPT_RUNS];
        model.prompts(1, length);
        for (int run = 0; run < PROMPT_RUNS; run++) {
            long start = System.nanoTime();
            model.prompts(1, length);
            times[run] = seconds(start);
        }
        double time = median(times);
        to.printf(
                Locale.ROOT,
                "| %s | %s | prompt %d | %.2f ms | %.0f tokens/s | %.1f TFLOP/s |%n",
                plan.shape(),
                plan.type(),
                length,
                1e3 * time,
                length / time,
                2.0 * model.layerParameters() * length / time / 1e12);
    }

    private void steps(RandomModel model, int batch) {
        for (int step = 0; step < WARM_UP_STEPS && plan.steps() > WARM_UP_FROM; step++) {
            if (step % plan.steps() == 0) {
                model.prompts(batch, plan.context());
            }
            model.step();
        }
        model.prompts(batch, plan.context());
        double[] times = new double[plan.steps()];
        for (int step = 0; step < times.length; step++) {
            long start = System.nanoTime();
            float[] logits = model.step();
            times[step] = seconds(start);
            model.choose(logits);
        }
        double time = median(times);
        to.printf(
                Locale.ROOT,
                "| %s | %s | step of %d at %d | %.3f ms | %.0f tokens/s | %.0f GB/s of weights |%n",
                plan.shape(),
                plan.type(),
                batch,
                plan.context(),
                1e3 * time,
                batch / time,
                model.bytesRead() / time / 1e9);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
