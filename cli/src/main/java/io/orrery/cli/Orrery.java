package io.orrery.cli;

import io.orrery.cli.bench.BenchCommand;
import io.orrery.cli.chat.RunCommand;
import io.orrery.cli.conformance.ConformanceCommand;
import io.orrery.cli.convert.ConvertCommand;
import io.orrery.cli.convert.MergeCommand;
import io.orrery.cli.convert.QuantizeCommand;
import io.orrery.cli.demo.DemoCommand;
import io.orrery.cli.doctor.DoctorCommand;
import io.orrery.cli.model.InspectCommand;
import io.orrery.cli.model.LogitsCommand;
import io.orrery.cli.model.RenderCommand;
import io.orrery.cli.model.TokenizeCommand;
import io.orrery.cli.plan.PlanCommand;
import io.orrery.cli.platform.LoginCommand;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.platform.Surroundings;
import io.orrery.cli.repository.ImportCommand;
import io.orrery.cli.repository.LsCommand;
import io.orrery.cli.repository.PullCommand;
import io.orrery.cli.repository.PushCommand;
import io.orrery.cli.repository.RmCommand;
import io.orrery.cli.serve.ServeCommand;
import io.orrery.cli.tune.TrainCommand;
import io.orrery.cli.tune.TuneCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code orrery} command. A failure that a person can mend is one sentence on standard error and exit code 1. */
@Command(
        name = "orrery",
        mixinStandardHelpOptions = true,
        version = "orrery 0.1.0",
        description = "A lab's house of models: hosts, serves and fine-tunes them on one engine.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: orrery up --port 8080", "Each command has a --help of its own."},
        subcommands = {
            UpCommand.class,
            ConformanceCommand.class,
            DemoCommand.class,
            LoginCommand.class,
            PullCommand.class,
            PushCommand.class,
            ImportCommand.class,
            LsCommand.class,
            RmCommand.class,
            InspectCommand.class,
            ConvertCommand.class,
            QuantizeCommand.class,
            PlanCommand.class,
            MergeCommand.class,
            RunCommand.class,
            ServeCommand.class,
            TuneCommand.class,
            TrainCommand.class,
            TokenizeCommand.class,
            RenderCommand.class,
            LogitsCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            RehearseCommand.class
        })
public final class Orrery {
    private Orrery() {}

    public static void main(String[] args) {
        int exit = commandLine(Surroundings.ofProcess()).execute(args);
        System.exit(exit);
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new Orrery(), new Parts(surroundings))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Orrery::explain);
    }

    /** Makes what picocli needs; the options that look at the surroundings are given them. */
    private record Parts(Surroundings surroundings) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == PlatformOptions.class
                    ? type.cast(new PlatformOptions(surroundings))
                    : CommandLine.defaultFactory().create(type);
        }
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println("orrery: " + Explanation.of(failure));
        err.flush();
        return 1;
    }
}
