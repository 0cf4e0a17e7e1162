package io.orrery.registry.policy;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.inspection.ModelCard;
import io.orrery.registry.inspection.PickleFiles;
import io.orrery.registry.policy.Verdict.Violation;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.CommitRule;
import io.orrery.registry.repository.Repo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Holds commits to the rules, whoever makes them: clients, copies, conversions. */
@Service
public class DraftRules implements CommitRule {
    private static final String CARD = "README.md";
    private static final int MAX_CARD = 1 << 20;

    private final PolicyGate gate;
    private final Contents contents;

    DraftRules(PolicyGate gate, Contents contents) {
        this.gate = gate;
        this.contents = contents;
    }

    /** How many bytes of a file's beginning the rules look at. */
    public static int looksAt(String path) {
        return path.equals(CARD) ? MAX_CARD : ProposedFile.BEGINNING;
    }

    @Override
    public void check(Repo repo, CommitDraft draft) {
        admit(repo, draft, Map.of());
    }

    /**
     * What to warn of.
     *
     * @param arriving beginnings of contents that are not in the store yet, by path
     * @throws io.orrery.registry.wire.HubProblem where a rule blocks something
     */
    public List<Violation> admit(Repo repo, CommitDraft draft, Map<String, byte[]> arriving) {
        List<ProposedFile> files = new ArrayList<>();
        List<String> licences = new ArrayList<>();
        for (Change change : draft.changes()) {
            if (change instanceof Change.Put put) {
                String path = put.path().toString();
                Optional<byte[]> beginning = beginning(put, arriving);
                files.add(ProposedFile.of(path, put.blob().size(), beginning));
                if (path.equals(CARD)) {
                    beginning.ifPresent(
                            card -> licences.addAll(ModelCard.licences(new String(card, StandardCharsets.UTF_8))));
                }
            }
        }
        return gate.admit(repo, draft.author(), new Proposal(repo.name(), licences, files));
    }

    /** Only of files that the rules look into. */
    private Optional<byte[]> beginning(Change.Put put, Map<String, byte[]> arriving) {
        String path = put.path().toString();
        if (arriving.containsKey(path)) {
            return Optional.ofNullable(arriving.get(path));
        }
        if (put.blob().sha256().isEmpty() || !(path.equals(CARD) || PickleFiles.isNamedSo(path))) {
            return Optional.empty();
        }
        try {
            Optional<Content> content = contents.find(put.blob().sha256().get());
            return content.isEmpty()
                    ? Optional.empty()
                    : Optional.of(content.get().beginning(looksAt(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("the content of " + path + " could not be read", e);
        }
    }
}
