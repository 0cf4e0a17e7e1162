package io.orrery.registry.oci;

import io.orrery.registry.repository.TreeItem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The GGUF files of a revision, and which of them a tag means. As llama.cpp chooses from a listing: {@code common/download.cpp},
 * {@code find_best_model} and {@code find_best_sibling}.
 */
final class GgufChoice {
    static final String LATEST = "latest";

    private static final List<String> DEFAULTS = List.of("Q4_K_M", "Q8_0");
    private static final List<String> SIDECARS = List.of("mmproj", "imatrix", "mtp-", "eagle3-", "dflash-", "dspark-");
    private static final Pattern SHARD = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})");
    private static final Pattern QUANTISATION = Pattern.compile("[-.](\\w+)$");

    private final List<TreeItem> all;
    private final List<TreeItem> models;

    /** @param files in the order of a listing */
    GgufChoice(List<TreeItem> files) {
        this.all = files.stream().filter(file -> file.path().endsWith(".gguf")).toList();
        this.models = all.stream()
                .filter(file -> isModel(name(file.path())) && isFirst(stem(file.path())))
                .toList();
    }

    /** The file, or the first of its shards. */
    Optional<TreeItem> model(String tag) {
        if (!tag.equals(LATEST)) {
            return named(tag);
        }
        return DEFAULTS.stream()
                .flatMap(quantisation -> named(quantisation).stream())
                .findFirst()
                .or(() -> models.stream().findFirst());
    }

    /** The images' encoder that goes with a model: the one that shares most folders with it, and then that of the closest quantisation. */
    Optional<TreeItem> projector(TreeItem model) {
        List<String> folders = folders(model.path());
        TreeItem best = null;
        int closest = Integer.MAX_VALUE;
        for (TreeItem file : all) {
            List<String> above = folders(file.path());
            boolean isBeside = above.size() <= folders.size()
                    && above.equals(folders.subList(0, above.size()))
                    && name(file.path()).contains("mmproj");
            int distance = 1000 * (folders.size() - above.size()) + Math.abs(bits(file.path()) - bits(model.path()));
            if (isBeside && distance < closest) {
                best = file;
                closest = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Tags that name one of the models by what it was quantised to. */
    List<String> tags() {
        TreeSet<String> tags = new TreeSet<>();
        models.forEach(file -> quantisation(file.path()).ifPresent(tags::add));
        return List.copyOf(tags);
    }

    boolean isEmpty() {
        return models.isEmpty();
    }

    static boolean isSharded(TreeItem model) {
        return SHARD.matcher(stem(model.path())).matches();
    }

    private Optional<TreeItem> named(String tag) {
        Pattern pattern = Pattern.compile(Pattern.quote(tag) + "[.-]", Pattern.CASE_INSENSITIVE);
        return models.stream()
                .filter(file -> pattern.matcher(file.path()).find())
                .findFirst();
    }

    private static boolean isModel(String name) {
        return SIDECARS.stream().noneMatch(name::contains);
    }

    private static boolean isFirst(String stem) {
        Matcher shard = SHARD.matcher(stem);
        return !shard.matches() || Integer.parseInt(shard.group(2)) == 1;
    }

    private static Optional<String> quantisation(String path) {
        String stem = stem(path);
        Matcher shard = SHARD.matcher(stem);
        Matcher tag = QUANTISATION.matcher(shard.matches() ? shard.group(1) : stem);
        return tag.find() ? Optional.of(tag.group(1).toUpperCase(Locale.ROOT)) : Optional.empty();
    }

    /** 4 of Q4_K_M, 16 of F16. */
    private static int bits(String path) {
        String digits = quantisation(path).orElse("").replaceFirst("^\\D*(\\d{0,6}).*$", "$1");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static String stem(String path) {
        return path.substring(0, path.length() - ".gguf".length());
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static List<String> folders(String path) {
        List<String> segments = Arrays.asList(path.split("/"));
        return segments.subList(0, segments.size() - 1);
    }
}
