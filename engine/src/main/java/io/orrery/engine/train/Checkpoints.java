package io.orrery.engine.train;

import io.orrery.engine.checkpoint.AtomicFolder;
import io.orrery.engine.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The states of a run under {@code checkpoints/step-N}: the newest whole one is gone on from, the last few are kept. */
final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,9})");

    private final Path folder;
    private final int kept;

    Checkpoints(Path folder, int kept) {
        this.folder = folder;
        this.kept = kept;
    }

    /** Gives its folder. Those of later steps, which were passed over, make room. */
    Path save(Trainer trainer, List<Map<String, Object>> metrics) {
        Path target = folder.resolve("step-" + trainer.step());
        trainer.save(target, metrics);
        List<Path> staying = newestFirst().stream()
                .dropWhile(path -> step(path) > trainer.step())
                .limit(kept)
                .toList();
        try {
            for (Path old : newestFirst()) {
                if (!staying.contains(old)) {
                    AtomicFolder.delete(old);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("old checkpoints in " + folder + " cannot be deleted: " + e.getMessage(), e);
        }
        return target;
    }

    /**
     * Brings the trainer to the newest state that is whole and of this run; gives the metrics of the steps before it, none
     * where there is no such state.
     *
     * @param said hears what was found
     */
    List<Map<String, Object>> resume(Trainer trainer, Consumer<String> said) {
        for (Path candidate : newestFirst()) {
            try {
                SavedState saved = SavedState.read(candidate);
                trainer.restore(candidate, saved);
                said.accept("going on after step " + saved.step() + " from " + candidate.getFileName());
                return saved.metrics();
            } catch (CheckpointException | TrainingException e) {
                said.accept("passing over checkpoint " + candidate.getFileName() + ": " + e.getMessage());
            }
        }
        return List.of();
    }

    private List<Path> newestFirst() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> step(path) >= 0)
                    .sorted(Comparator.comparingInt(Checkpoints::step).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoints in " + folder + " cannot be listed: " + e.getMessage(), e);
        }
    }

    private static int step(Path path) {
        Matcher matcher = NAME.matcher(String.valueOf(path.getFileName()));
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
