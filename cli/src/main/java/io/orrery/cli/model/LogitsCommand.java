package io.orrery.cli.model;

import io.orrery.cli.lens.HeadName;
import io.orrery.cli.lens.Insight;
import io.orrery.cli.lens.InsightPage;
import io.orrery.cli.lens.InsightView;
import io.orrery.cli.lens.Looks;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.ops.Ops;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        description =
                "Shows the likeliest tokens after a prompt, one JSON object each, the likeliest first; and on request what goes on inside.",
        footer = {
            "",
            "Example: orrery logits lab/tiny-llama -p \"The capital of France is\" --top 5",
            "         orrery logits ./my-model -p \"One two three\" --attention 0,0 --logit-lens --html inside.html"
        })
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

    @Option(
            names = "--attention",
            paramLabel = "LAYER,HEAD",
            description =
                    "Also where this head looks, both numbers from 0: for each token its shares of those before it.")
    private @Nullable String attention;

    @Option(names = "--logit-lens", description = "Also what each layer would say next, were it the last.")
    private boolean lens;

    @Option(names = "--table", description = "Tables for a person, not JSON.")
    private boolean table;

    @Option(names = "--html", paramLabel = "FILE", description = "Also writes it all as one page, with explanations.")
    private @Nullable Path page;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        Looks looks = new Looks(top, Optional.ofNullable(attention).map(HeadName::parse), lens);
        Insight insight = insight(terminal, looks);
        if (page != null) {
            new InsightPage(insight, prompt).write(page);
            terminal.note("wrote " + page);
        }
        InsightView view = new InsightView(insight);
        if (table) {
            view.tables().forEach(terminal::line);
        } else {
            view.json(terminal);
        }
        return 0;
    }

    private Insight insight(Terminal terminal, Looks looks) {
        try (ModelFiles files = ModelFiles.open(ModelLocation.of(model, options, terminal));
                Ops ops = device.open(ActivationMode.F32)) {
            return Insight.of(files, ops, prompt, looks);
        }
    }
}
