package io.orrery.cli.model;

import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.Tokenizer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a model takes for the likeliest next tokens, with exact activations. */
@Command(
        name = "logits",
        mixinStandardHelpOptions = true,
        description = "Shows the likeliest tokens after a prompt, one JSON object each, the likeliest first.",
        footer = {"", "Example: orrery logits lab/tiny-llama -p \"The capital of France is\" --top 5"})
public final class LogitsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A folder, a GGUF file or a repository.")
    private String model;

    @Option(
            names = {"-p", "--prompt"},
            required = true,
            paramLabel = "TEXT",
            description = "What stands before.")
    private String prompt;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many tokens (default: ${DEFAULT-VALUE}).")
    private int top;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        try (ModelFiles files = ModelFiles.open(ModelLocation.of(model, options, terminal));
                Ops ops = device.open(ActivationMode.F32)) {
            int[] tokens = files.tokenizer().encode(prompt, true);
            if (tokens.length == 0 || tokens.length > files.contextLength()) {
                throw new IllegalArgumentException(
                        "the prompt has " + tokens.length + " tokens; it must have 1 to " + files.contextLength());
            }
            float[] logits = logits(Network.frozen(files.spec(), files.weights(), ops), tokens);
            likeliest(logits).forEach(id -> terminal.json(line(logits, id, files.tokenizer())));
        }
        return 0;
    }

    /** Of the token after the last. */
    private static float[] logits(Network network, int[] tokens) {
        Tensor hidden =
                network.hidden(tokens, Batch.packed(tokens.length), Optional.empty(), Adaptation.NONE, Tape.off());
        Tensor last = hidden.rows(tokens.length - 1, tokens.length);
        return network.ops().read(network.logits(last, Adaptation.NONE, Tape.off()));
    }

    private List<Integer> likeliest(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -logits[id])
                        .thenComparing(Comparator.naturalOrder()))
                .limit(top)
                .toList();
    }

    private static Map<String, Object> line(float[] logits, int id, Tokenizer tokenizer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", id);
        line.put("token", tokenizer.token(id));
        line.put("text", tokenizer.decode(new int[] {id}, false));
        line.put("logit", logits[id]);
        line.put("logprob", logits[id] - logSumOfExponentials(logits));
        return line;
    }

    private static double logSumOfExponentials(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - highest);
        }
        return highest + Math.log(sum);
    }
}
