package io.orrery.cli.repository;

import io.orrery.api.hub.RepoType;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.Option;

/** Whether a name is a model's or a data set's. */
public final class TypeOptions {
    /** The names that the hub has for them. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(RepoType.values()).map(RepoType::value).iterator();
        }
    }

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "model",
            completionCandidates = Names.class,
            description = "What the repository holds: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private RepoType type;

    @Option(names = "--dataset", description = "Short for --type dataset.")
    private boolean dataset;

    public RepoType type() {
        return dataset ? RepoType.DATASET : type;
    }
}
