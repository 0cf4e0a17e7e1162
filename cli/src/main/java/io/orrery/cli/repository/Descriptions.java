package io.orrery.cli.repository;

import io.orrery.api.hub.RepoInfo;
import io.orrery.cli.terminal.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a registry says about a repository, in lines for a person. */
public final class Descriptions {
    private Descriptions() {}

    static Optional<Long> parameters(RepoInfo repo) {
        return Stream.of(
                        Optional.ofNullable(repo.safetensors()).map(RepoInfo.SafetensorsFacts::total),
                        Optional.ofNullable(repo.gguf()).map(RepoInfo.GgufFacts::total))
                .flatMap(Optional::stream)
                .findFirst();
    }

    public static List<String> lines(RepoInfo repo) {
        List<String> lines = new ArrayList<>();
        add(lines, "repository", repo.id());
        add(lines, "commit", repo.sha());
        add(lines, "visibility", repo.isPrivate() ? "private" : "public");
        add(lines, "changed", repo.lastModified());
        add(lines, "stored", repo.usedStorage() == null ? null : Quantity.bytes(repo.usedStorage()));
        add(lines, "architecture", repo.config() == null ? null : repo.config().get("model_type"));
        addWeights(lines, repo);
        add(lines, "tags", repo.tags().isEmpty() ? null : String.join(", ", repo.tags()));
        addInspection(lines, repo.inspection());
        addFiles(lines, repo.siblings());
        return lines;
    }

    private static void addWeights(List<String> lines, RepoInfo repo) {
        parameters(repo).ifPresent(count -> add(lines, "parameters", Quantity.count(count) + " (" + count + ")"));
        if (repo.safetensors() != null) {
            add(
                    lines,
                    "data types",
                    repo.safetensors().parameters().entrySet().stream()
                            .map(type -> type.getKey() + " " + Quantity.count(type.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        RepoInfo.GgufFacts gguf = repo.gguf();
        if (gguf != null) {
            add(lines, "gguf", gguf.architecture());
            add(lines, "quantization", gguf.quantization());
            add(lines, "context", gguf.contextLength());
        }
    }

    private static void addInspection(List<String> lines, RepoInfo.@Nullable Inspection inspection) {
        if (inspection == null) {
            return;
        }
        inspection
                .lineage()
                .forEach(ancestor -> add(
                        lines,
                        ancestor.relation(),
                        ancestor.repo() + (ancestor.revision() == null ? "" : "@" + ancestor.revision())));
        inspection.findings().forEach(finding -> add(lines, "finding", finding.path() + ": " + finding.message()));
    }

    private static void addFiles(List<String> lines, @Nullable List<RepoInfo.Sibling> files) {
        if (files != null) {
            files.forEach(file -> add(
                    lines, "file", file.rfilename() + (file.size() == null ? "" : "  " + Quantity.bytes(file.size()))));
        }
    }

    private static void add(List<String> lines, String name, @Nullable Object value) {
        if (value != null) {
            lines.add(String.format("%-14s%s", name, value));
        }
    }
}
