package io.orrery.bench.llamacpp;

import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs models through this engine and through llama.cpp in turns, and says which is ahead: {@code bench/against-llama-cpp}. */
final class AgainstLlamaCpp {
    private static final double OF_THE_BANDWIDTH = 0.95;

    /**
     * What is asked of a type.
     *
     * @param prompt our tokens a second of prompt over llama.cpp's
     * @param answer the same of an answer, where memory allows it
     */
    private record Bars(double prompt, double answer) {
        static Bars of(String type) {
            return switch (type) {
                case "q8_0" -> new Bars(2.5, 1.3);
                case "q4_0" -> new Bars(2.05, 1.2);
                case "q4_k_m" -> new Bars(2.25, 1.2);
                case "bf16" -> new Bars(1.4, 1.05);
                default -> new Bars(1, 1);
            };
        }
    }

    private final Order order;
    private final ReadBandwidth bandwidth;
    private final Contender ours;
    private final Contender theirs;

    private AgainstLlamaCpp(Order order) {
        this.order = order;
        bandwidth = new ReadBandwidth(order.bandwidth(), order.threads());
        ours = new Contender.Ours(order);
        theirs = new Contender.Theirs(order);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Order order = Order.of(arguments);
        System.out.printf(
                "machine: %d cores, %s; %s; %d threads, %d rounds in turns%n",
                Runtime.getRuntime().availableProcessors(),
                processor(),
                LocalDate.now(),
                order.threads(),
                order.rounds());
        boolean isBehind = false;
        print(Comparison.HEADINGS);
        for (String type : order.types()) {
            for (Comparison comparison : new AgainstLlamaCpp(order).compare(type)) {
                print(comparison.cells());
                isBehind |= comparison.isUnderItsBar();
            }
        }
        System.exit(isBehind ? 1 : 0);
    }

    private static void print(List<String> cells) {
        System.out.println("| " + String.join(" | ", cells) + " |");
    }

    private List<Comparison> compare(String type) throws IOException, InterruptedException {
        Path model = order.model(type);
        List<double[]> ourRuns = new ArrayList<>();
        List<double[]> theirRuns = new ArrayList<>();
        for (int round = 0; round < order.rounds(); round++) {
            bandwidth.sample();
            ours.run(model).ifPresent(ourRuns::add);
            theirs.run(model).ifPresent(theirRuns::add);
        }
        long bytes = bytesOfAToken(model);
        double read = bandwidth.median();
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f MB are read for a token; %d threads read %.1f GB/s (median), %.1f (best): %.1f tokens/s%n",
                type,
                bytes / 1e6,
                order.threads(),
                read / 1e9,
                bandwidth.best() / 1e9,
                read / bytes);
        Bars bars = Bars.of(type);
        return List.of(
                new Comparison(
                        type,
                        "pp" + order.tests().prompt(),
                        column(ourRuns, 0),
                        column(theirRuns, 0),
                        bars.prompt(),
                        Double.POSITIVE_INFINITY),
                new Comparison(
                        type,
                        "tg" + order.tests().answer(),
                        column(ourRuns, 1),
                        column(theirRuns, 1),
                        bars.answer(),
                        OF_THE_BANDWIDTH * read / bytes));
    }

    private static double[] column(List<double[]> runs, int column) {
        return runs.stream().mapToDouble(run -> run[column]).toArray();
    }

    /** All weights, but the rows of the table of embeddings where that is not the last projection too. */
    private static long bytesOfAToken(Path model) {
        try (GgufFile file = GgufFile.open(model)) {
            Map<String, Tensor> tensors = file.tensors();
            return tensors.entrySet().stream()
                    .filter(entry -> !tensors.containsKey("output.weight")
                            || !entry.getKey().equals("token_embd.weight"))
                    .mapToLong(entry ->
                            entry.getValue().dtype().bytes(entry.getValue().elements()))
                    .sum();
        }
    }

    private static String processor() throws IOException {
        Path processors = Path.of("/proc/cpuinfo");
        if (!Files.exists(processors)) {
            return System.getProperty("os.arch");
        }
        Optional<String> name = Files.readAllLines(processors).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
        return name.orElse(System.getProperty("os.arch"));
    }
}
