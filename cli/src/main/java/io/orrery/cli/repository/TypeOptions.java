package io.orrery.cli.repository;

import io.orrery.api.hub.RepoType;
import picocli.CommandLine.Option;

/** Whether a name is a model's or a data set's. */
final class TypeOptions {
    @Option(names = "--dataset", description = "The repository is a data set, not a model.")
    private boolean dataset;

    RepoType type() {
        return dataset ? RepoType.DATASET : RepoType.MODEL;
    }
}
