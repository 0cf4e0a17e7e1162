package io.orrery.cli.model;

import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.tokenizer.GgufTokenizer;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.engine.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Text to tokens and back, as JSON. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        description = "Shows a text's tokens, or the text of token ids, as one JSON object.",
        footer = {
            "",
            "Example: orrery tokenize lab/tiny-llama \"Hello, world\"",
            "         orrery tokenize lab/tiny-llama --decode \"[9906, 11]\""
        })
public final class TokenizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A folder, a GGUF file or a repository.")
    private String model;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "The text (default: standard input).")
    private @Nullable String text;

    @Option(names = "--decode", description = "The text is a JSON array of ids, whose text is wanted.")
    private boolean decode;

    @Option(
            names = "--no-special",
            description = "Leaves out the tokens that the model wants at begin and end of a text.")
    private boolean plain;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        Path path = ModelLocation.of(model, options, terminal);
        String input = text == null ? Input.standard() : text;
        if (Files.isDirectory(path)) {
            terminal.json(shown(TokenizerJson.read(path.resolve("tokenizer.json")), input));
        } else if (path.toString().endsWith(".json")) {
            terminal.json(shown(TokenizerJson.read(path), input));
        } else {
            try (GgufFile file = GgufFile.open(path)) {
                terminal.json(shown(GgufTokenizer.of(file.metadata()), input));
            }
        }
        return 0;
    }

    private Map<String, Object> shown(Tokenizer tokenizer, String input) {
        int[] ids = decode ? Input.json("ids", input, int[].class) : tokenizer.encode(input, !plain);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ids", ids);
        answer.put("tokens", Arrays.stream(ids).mapToObj(tokenizer::token).toList());
        answer.put("text", tokenizer.decode(ids, false));
        return answer;
    }
}
