package io.orrery.registry.downloads;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubCall;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * Which answers are downloads of a repository: of a model those that begin its {@code config.json}, or, where it has none, the file that
 * other libraries read first, or the first of its weights; every GGUF file, since nobody needs two; of a dataset any of its data.
 */
@Component
class CountedFiles {
    private static final List<String> READ_FIRST = List.of("config.json", "adapter_config.json", "model_index.json");
    private static final Set<String> NO_DATA = Set.of("README.md", ".gitattributes");
    private static final Pattern LATER_SHARD = Pattern.compile(".*-(\\d{5})-of-\\d{5}\\.\\w+", Pattern.DOTALL);
    private static final Pattern FROM_START = Pattern.compile("\\s*bytes\\s*=\\s*0+\\s*-\\s*(\\d*)\\s*");

    private final Trees trees;

    CountedFiles(Trees trees) {
        this.trees = trees;
    }

    boolean isCounted(HubCall call, Repo repo, Commit commit, String path) {
        if (call.isHead() || !fromStart(call.header("Range"))) {
            return false;
        }
        return repo.type() == RepoType.DATASET ? !NO_DATA.contains(path) : isFirstOfModel(commit, path);
    }

    /** Clients probe files with their first byte, and go on with what is missing; neither is a download. */
    private static boolean fromStart(Optional<String> range) {
        if (range.isEmpty()) {
            return true;
        }
        Matcher start = FROM_START.matcher(range.get());
        return start.matches() && !start.group(1).matches("0+");
    }

    private boolean isFirstOfModel(Commit commit, String path) {
        String name = path.toLowerCase(Locale.ROOT);
        if (isLaterShard(name)) {
            return false;
        }
        if (name.endsWith(".gguf")) {
            return true;
        }
        boolean isCandidate = READ_FIRST.contains(path) || name.endsWith(".safetensors");
        return isCandidate && firstRead(commit).map(path::equals).orElse(true);
    }

    private Optional<String> firstRead(Commit commit) {
        return READ_FIRST.stream()
                .filter(file -> trees.find(commit, file).isPresent())
                .findFirst();
    }

    private static boolean isLaterShard(String name) {
        Matcher shard = LATER_SHARD.matcher(name);
        return shard.matches() && Integer.parseInt(shard.group(1)) > 1;
    }
}
