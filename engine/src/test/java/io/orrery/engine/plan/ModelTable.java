package io.orrery.engine.plan;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Weights;
import io.orrery.engine.plan.Method.Lora;
import io.orrery.engine.plan.Thrift.Activations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The models that the platform was asked for, with what each takes of a device of 24 GB, as lines of Markdown. */
final class ModelTable {
    static final Gpu GPU = Gpu.parse("rtx-4090");

    private static final int CONTEXT = 4096;
    private static final int RANK = 16;
    private static final int ROUNDED = 100;

    /** @param repository also the name of the configuration, behind its slash */
    record Text(String repository, Optional<WeightFormat> stored) {
        private Text(String repository) {
            this(repository, Optional.empty());
        }

        CausalLm model() {
            return Families.fromConfig(config(repository.substring(repository.indexOf('/') + 1)));
        }

        Fit fit() {
            return stored.map(format -> Fit.ofStored(model(), format, GPU)).orElseGet(() -> Fit.of(model(), GPU));
        }
    }

    /** @param parameters as counted from the configuration */
    record Seeing(String repository, long parameters) {}

    static final List<Text> TEXT = List.of(
            new Text("codellama/CodeLlama-7b-hf"),
            new Text("unsloth/codellama-34b-bnb-4bit", Optional.of(WeightFormats.NF4)),
            new Text("codefuse-ai/CodeFuse-DeepSeek-33B-4bits", Optional.of(WeightFormats.named("gptq-g64"))),
            new Text("mistralai/Mistral-7B-Instruct-v0.2"),
            new Text("nvidia/Nemotron-Research-Reasoning-Qwen-1.5B"),
            new Text("google/codegemma-7b"),
            new Text("bigcode/starcoder2-7b"));

    static final List<Seeing> SEEING = List.of(
            new Seeing("microsoft/swinv2-base-patch4-window12-192-22k", 109_280_841),
            new Seeing("google/vit-base-patch16-224", 86_567_656),
            new Seeing("facebook/convnext-large-224-22k", 229_799_953),
            new Seeing("openai/clip-vit-large-patch14", 427_616_513),
            new Seeing("llava-hf/llava-v1.6-mistral-7b-hf", 7_566_747_648L),
            new Seeing("Salesforce/blip2-opt-2.7b", 3_744_761_856L));

    private ModelTable() {}

    static JsonNode config(String name) {
        try (InputStream json = ModelTable.class.getResourceAsStream(name + ".json")) {
            return JsonMapper.shared().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String ofText() {
        List<String> lines = new ArrayList<>(List.of(
                "| model | parameters | answers 4,096 tokens in | all weights | LoRA, rank 16 | QLoRA, rank 16 |",
                "|---|---|---|---|---|---|"));
        TEXT.forEach(text -> lines.add(line(text)));
        return String.join("\n", lines);
    }

    static String ofSeeing() {
        List<String> lines = new ArrayList<>(List.of(
                "| model | parameters | weights in 16 bit | all weights, F32 | LoRA beside 16 bit | LoRA beside 4 bit |",
                "|---|---|---|---|---|---|"));
        SEEING.forEach(seeing -> lines.add(line(seeing)));
        return String.join("\n", lines);
    }

    private static String line(Text text) {
        Fit fit = text.fit();
        Inference finest = fit.finest(CONTEXT, 1).orElseThrow();
        String answers = finest.weights().name() + ", " + gib(finest.footprint(fit.model())) + "; up to "
                + tokens(fit.longest(finest.weights(), 1));
        boolean whole = text.stored().isEmpty();
        return row(
                "`" + text.repository() + "`",
                count(Weights.parameters(fit.model())),
                answers,
                whole ? tuned(fit, new Method.Full()) : "-",
                whole ? tuned(fit, Lora.ofRank(RANK)) : "-",
                tuned(fit, Lora.quantised(RANK).over(text.stored().orElse(WeightFormats.NF4))));
    }

    private static String tuned(Fit fit, Method method) {
        Tuning tuning = new Tuning(method, 1, 1, Thrift.DEFAULT);
        int here = fit.longest(tuning);
        int offloaded = fit.longest(tuning.with(Activations.OFFLOADED));
        return offloaded == 0
                ? "no: " + gib(tuning.footprint(fit.model())) + " before any text"
                : tokens(here) + "; " + tokens(offloaded) + " offloaded";
    }

    private static String line(Seeing seeing) {
        ParameterCount count = new ParameterCount(seeing.parameters());
        return row(
                "`" + seeing.repository() + "`",
                count(seeing.parameters()),
                fits(count.inference(16)),
                fits(count.full()),
                fits(count.lora(16)),
                fits(count.lora(4.5)));
    }

    private static String fits(Footprint footprint) {
        return (GPU.holds(footprint) ? "" : "no: ") + gib(footprint);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String count(long parameters) {
        return String.format(Locale.ROOT, "%,d", parameters);
    }

    private static String gib(Footprint footprint) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) footprint.bytes() / (1L << 30));
    }

    private static String tokens(int tokens) {
        return String.format(Locale.ROOT, "%,d tokens", tokens / ROUNDED * ROUNDED);
    }
}
