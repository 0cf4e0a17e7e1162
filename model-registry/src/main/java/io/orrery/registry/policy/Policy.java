package io.orrery.registry.policy;

import io.orrery.registry.policy.Verdict.Violation;
import io.orrery.registry.repository.GitPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;
import org.springframework.util.unit.DataSize;

/** The rules of this registry. Asked before content is kept, whether somebody commits it or it comes from another hub. */
@Service
public class Policy {
    private static final String CARD = "README.md";

    private record Sized(GitPattern pattern, String text, DataSize most) {}

    private record Forbidden(GitPattern pattern, String text) {}

    private final PolicyProperties properties;
    private final List<Sized> sizes;
    private final List<Forbidden> forbidden;

    Policy(PolicyProperties properties) {
        this.properties = properties;
        this.sizes = properties.sizes().stream()
                .map(rule -> new Sized(pattern(rule.pattern()), rule.pattern(), rule.most()))
                .toList();
        this.forbidden = properties.forbidden().stream()
                .map(text -> new Forbidden(pattern(text), text))
                .toList();
    }

    private static GitPattern pattern(String text) {
        return GitPattern.parse(text).orElseThrow();
    }

    /** What the rules say; keeps nothing and tells nobody. */
    public Verdict check(Proposal proposal) {
        List<Violation> blocked = new ArrayList<>();
        List<Violation> flagged = new ArrayList<>();
        for (ProposedFile file : proposal.files()) {
            forbidden(file).ifPresent(blocked::add);
            size(file).ifPresent(blocked::add);
            pickle(file).ifPresent(violation -> add(violation, properties.pickle(), blocked, flagged));
        }
        licences(proposal)
                .forEach(violation -> add(violation, properties.licences().action(), blocked, flagged));
        return new Verdict(blocked, flagged);
    }

    /** What follows from a pickle that is here. */
    Action ofPickles() {
        return properties.pickle();
    }

    private static void add(Violation violation, Action action, List<Violation> blocked, List<Violation> flagged) {
        switch (action) {
            case BLOCK -> blocked.add(violation);
            case FLAG -> flagged.add(violation);
            case ALLOW -> {
                return;
            }
        }
    }

    private Optional<Violation> forbidden(ProposedFile file) {
        return forbidden.stream()
                .filter(rule -> rule.pattern().covers(file.path()))
                .findFirst()
                .map(rule -> new Violation(
                        file.path(),
                        "forbidden",
                        file.path() + " is refused by the rule forbidden: names that match " + rule.text()
                                + " are not kept here."));
    }

    private Optional<Violation> size(ProposedFile file) {
        return sizes.stream()
                .filter(rule -> rule.pattern().covers(file.path()))
                .findFirst()
                .filter(rule -> file.size() > rule.most().toBytes())
                .map(rule -> new Violation(
                        file.path(),
                        "sizes",
                        file.path() + " has " + file.size() + " bytes, and the rule sizes takes at most "
                                + rule.most().toBytes() + " of files that match " + rule.text() + "."));
    }

    private static Optional<Violation> pickle(ProposedFile file) {
        return file.isPickle()
                ? Optional.of(new Violation(
                        file.path(),
                        "pickle",
                        file.path() + " is a pickle, which runs code when Python loads it (rule pickle)."
                                + " Save the weights as safetensors."))
                : Optional.empty();
    }

    private Stream<Violation> licences(Proposal proposal) {
        PolicyProperties.Licences rule = properties.licences();
        return proposal.licences().stream()
                .filter(licence ->
                        contains(rule.deny(), licence) || (!rule.allow().isEmpty() && !contains(rule.allow(), licence)))
                .map(licence -> new Violation(
                        CARD,
                        "licences",
                        CARD + " names the licence '" + licence + "', which the rule licences does not take"
                                + (rule.allow().isEmpty() ? "." : "; it takes " + sorted(rule.allow()) + ".")));
    }

    private static boolean contains(Set<String> names, String licence) {
        return names.stream().anyMatch(licence::equalsIgnoreCase);
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }
}
