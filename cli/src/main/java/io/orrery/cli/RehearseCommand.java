package io.orrery.cli;

import io.orrery.cli.platform.Surroundings;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.tokenizer.BpeTrainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the commands that work without a platform once each, in this process and over a model of a few thousand random weights:
 * the launcher has a JVM learn from it what they load.
 */
@Command(
        name = "rehearse",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Runs the other commands once, for the launcher to learn what they load.",
        footer = {"", "Example: orrery rehearse ./scratch"})
final class RehearseCommand implements Callable<Integer> {
    private static final String CONFIG = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 270, "hidden_size": 32,
             "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000, "hidden_act": "silu",
             "tie_word_embeddings": false, "eos_token_id": 2}
            """;
    private static final String TEMPLATE =
            "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}"
                    + "<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "Where the model is put.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        String model = folder.resolve("model").toString();
        String gguf = folder.resolve("model.gguf").toString();
        writeModel(Path.of(model));
        List<List<String>> commands = List.of(
                List.of("--version"),
                List.of("run", "--help"),
                List.of("inspect", model),
                List.of("tokenize", model, "hello world"),
                List.of("convert", model, gguf),
                List.of("quantize", gguf, folder.resolve("q8_0.gguf").toString(), "Q8_0"),
                List.of("inspect", gguf, "--json"),
                List.of("plan", model),
                List.of("run", model, "-p", "hello", "--max-tokens", "8"),
                List.of("run", gguf, "-p", "hello", "--max-tokens", "8", "--temperature", "0"),
                List.of("bench", gguf, "-p", "8", "-n", "8", "-r", "1"),
                List.of("ls", "--url", "http://127.0.0.1:1", "--token", "hf_x"));
        commands.forEach(this::run);
        return 0;
    }

    /** A command that fails is reported and teaches what it loaded until then. */
    private void run(List<String> command) {
        StringWriter output = new StringWriter();
        CommandLine line = Orrery.commandLine(new Surroundings(Map.of(), folder))
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(output));
        int exit = line.execute(command.toArray(String[]::new));
        PrintWriter out = spec.commandLine().getOut();
        out.println(exit + " " + String.join(" ", command));
        if (exit != 0) {
            out.println(output);
        }
        out.flush();
    }

    private static void writeModel(Path model) throws IOException {
        Files.createDirectories(model);
        Files.writeString(
                model.resolve("tokenizer.json"),
                BpeTrainer.train(List.of("hello hello world"), 270, List.of("<|user|>", "<|assistant|>", "<|end|>")));
        Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
        JsonNode config = JsonMapper.shared().readTree(CONFIG);
        CausalLm spec = Families.fromConfig(config);
        ModelWriter.write(model, spec, config, Network.initial(spec, 1, 0.1));
    }
}
