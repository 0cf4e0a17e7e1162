package io.orrery.registry.repository;

import io.orrery.registry.wire.HubProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Changes what a repository is called, who sees it, and what is said of it beside its files. */
@Service
class Administration {
    /** What is to be changed; the rest stays. An empty {@code gated} opens the contents. */
    record Settings(
            Optional<Boolean> isPrivate,
            Optional<String> gated,
            Optional<String> description,
            Optional<Boolean> discussionsDisabled,
            Optional<Boolean> disabled) {}

    private final JdbcClient jdbc;
    private final List<NamespaceRule> rules;
    private final ApplicationEventPublisher events;

    Administration(JdbcClient jdbc, List<NamespaceRule> rules, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.rules = rules;
        this.events = events;
    }

    /** What is other now. */
    @Transactional
    public Map<String, Object> change(Repo repo, Settings settings, String actor) {
        jdbc.sql("""
            update repo set
                is_private = coalesce(:private, is_private),
                gated = case when cast(:gated as text) is null then gated else nullif(:gated, '') end,
                description = coalesce(:description, description),
                discussions_disabled = coalesce(:discussionsDisabled, discussions_disabled),
                disabled = coalesce(:disabled, disabled)
            where id = :repo\
            """)
                .param("repo", repo.id())
                .param("private", settings.isPrivate().orElse(null))
                .param("gated", settings.gated().orElse(null))
                .param("description", settings.description().orElse(null))
                .param("discussionsDisabled", settings.discussionsDisabled().orElse(null))
                .param("disabled", settings.disabled().orElse(null))
                .update();
        Map<String, Object> changes = new HashMap<>();
        settings.isPrivate().ifPresent(value -> changes.put("private", value));
        settings.gated().ifPresent(value -> changes.put("gated", value));
        settings.description().ifPresent(value -> changes.put("description", value));
        settings.discussionsDisabled().ifPresent(value -> changes.put("discussionsDisabled", value));
        settings.disabled().ifPresent(value -> changes.put("disabled", value));
        if (!changes.isEmpty()) {
            events.publishEvent(new RepoEvent.SettingsChanged(repo, actor, changes));
        }
        return changes;
    }

    /** Gives a repository another name; the old one leads to it until somebody takes it. */
    @Transactional
    public void move(Repo repo, RepoName to, String actor) {
        rules.forEach(rule -> rule.check(to.value(), Optional.of(repo)));
        int moved = jdbc.sql("update repo set name = :name where id = :id and not exists (select 1 from repo other"
                        + " where other.type = repo.type and lower(other.name) = lower(:name) and other.id <> repo.id)")
                .param("name", to.value())
                .param("id", repo.id())
                .update();
        if (moved == 0) {
            throw HubProblem.conflict("A " + repo.type().value() + " named " + to.value() + " exists already");
        }
        jdbc.sql("insert into repo_former_name (type, name, repo_id) values (:type, :name, :id)"
                        + " on conflict (type, name) do update set repo_id = excluded.repo_id")
                .param("type", repo.type().name())
                .param("name", repo.name().toLowerCase(Locale.ROOT))
                .param("id", repo.id())
                .update();
        events.publishEvent(new RepoEvent.Moved(repo, actor, to.value()));
    }
}
