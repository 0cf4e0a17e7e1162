package io.orrery.registry.discussion;

import io.orrery.api.hub.Discussion;
import io.orrery.registry.repository.CallerNames;
import io.orrery.registry.repository.Merges;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Lists, shows, opens and carries on discussions. */
@Component
class DiscussionRoutes implements HubRoutes {
    private static final String DISCUSSIONS = "/api/{type}/{repo}/discussions";
    private static final int PAGE = 50;

    private record Body(
            @Nullable String title,
            @Nullable String description,
            @Nullable Boolean pullRequest,
            @Nullable String status,
            @Nullable String comment,
            @Nullable String content) {
        static final Body EMPTY = new Body(null, null, null, null, null, null);
    }

    private record Opened(int num, boolean pullRequest, String url) {}

    private final Repos repos;
    private final Topics topics;
    private final Happenings happenings;
    private final Discussions discussions;
    private final Proposals proposals;
    private final Merges merges;
    private final CallerNames names;

    DiscussionRoutes(
            Repos repos,
            Topics topics,
            Happenings happenings,
            Discussions discussions,
            Proposals proposals,
            Merges merges,
            CallerNames names) {
        this.repos = repos;
        this.topics = topics;
        this.happenings = happenings;
        this.discussions = discussions;
        this.proposals = proposals;
        this.merges = merges;
        this.names = names;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, DISCUSSIONS, this::show),
                HubRoute.read(HttpMethod.POST, DISCUSSIONS, this::change));
    }

    private ServerResponse show(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller());
        return call.rest().isEmpty()
                ? ServerResponse.ok().body(list(call, repo))
                : ServerResponse.ok().body(details(repo, topic(call, repo)));
    }

    private Topic topic(HubCall call, Repo repo) {
        return topics.get(repo, Proposals.number(call.rest().getFirst()));
    }

    private Discussion.Page list(HubCall call, Repo repo) {
        Topics.Filter filter = new Topics.Filter(
                call.query("author"),
                choice(call, "type", "pull_request", "discussion"),
                choice(call, "status", "closed", "open"));
        int start = PAGE
                * Integer.parseInt(
                        call.query("p").filter(p -> p.matches("\\d{1,6}")).orElse("0"));
        List<Topic> page = topics.list(repo, filter, start, PAGE);
        UnaryOperator<String> shown = names.of(page.stream().map(Topic::author).toList());
        return new Discussion.Page(
                page.stream().map(topic -> summary(repo, topic, shown)).toList(),
                topics.count(repo, filter),
                start,
                topics.count(repo, new Topics.Filter(filter.author(), filter.proposals(), Optional.of(true))));
    }

    /** Empty where the parameter is absent, or {@code all}. */
    private static Optional<Boolean> choice(HubCall call, String name, String yes, String no) {
        return call.query(name).filter(value -> !value.equals("all")).map(value -> {
            if (!value.equals(yes) && !value.equals(no)) {
                throw HubProblem.badRequest(name + " must be all, " + no + " or " + yes + ", but is '" + value + "'");
            }
            return value.equals(yes);
        });
    }

    private ServerResponse change(HubCall call) {
        Repo repo = repos.get(call.type(), call.repo(), call.caller()).requireOurs();
        Body body = call.hasBody() ? call.body(Body.class) : Body.EMPTY;
        if (call.rest().isEmpty()) {
            return ServerResponse.ok().body(open(call, repo, body));
        }
        Topic topic = topic(call, repo);
        Caller caller = call.caller();
        return ServerResponse.ok()
                .body(
                        switch (String.join(
                                "/", call.rest().subList(1, call.rest().size()))) {
                            case "comment" ->
                                answer("newMessage", discussions.comment(repo, topic, text(body.comment()), caller));
                            case "title" ->
                                answer("newTitle", discussions.rename(repo, topic, text(body.title()), caller));
                            case "status" ->
                                answer(
                                        "newStatus",
                                        discussions.setStatus(
                                                repo, topic, text(body.status()), text(body.comment()), caller));
                            case "merge" ->
                                answer("newStatus", discussions.merge(repo, topic, text(body.comment()), caller));
                            default -> answer("updatedComment", changeComment(call, repo, topic, body));
                        });
    }

    /** {@code comment/ID/edit} and {@code comment/ID/hide}. */
    private Happening changeComment(HubCall call, Repo repo, Topic topic, Body body) {
        List<String> rest = call.rest();
        if (rest.size() == 4 && rest.get(1).equals("comment") && rest.get(2).matches("0*[0-9a-f]{1,15}")) {
            long id = Long.parseLong(rest.get(2), 16);
            if (rest.get(3).equals("edit")) {
                return discussions.edit(repo, topic, id, text(body.content()), call.caller());
            }
            if (rest.get(3).equals("hide")) {
                return discussions.hide(repo, topic, id, call.caller());
            }
        }
        throw HubProblem.of(404, "No such route: POST " + call.servletRequest().getRequestURI());
    }

    private Opened open(HubCall call, Repo repo, Body body) {
        boolean isProposal = Boolean.TRUE.equals(body.pullRequest());
        int number = isProposal
                ? proposals.open(repo, text(body.title()), text(body.description()), call.caller())
                : discussions
                        .open(repo, text(body.title()), text(body.description()), call.caller())
                        .number();
        return new Opened(
                number, isProposal, call.baseUrl().repository(repo.type(), repo.name()) + "/discussions/" + number);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private Map<String, Discussion.Event> answer(String key, Happening happening) {
        return Map.of(key, event(happening, names.of(List.of(happening.author()))));
    }

    private static Discussion.Event event(Happening happening, UnaryOperator<String> shown) {
        return new Discussion.Event(
                String.format("%024x", happening.id()),
                happening.what().type(),
                happening.at(),
                Discussion.User.of(shown.apply(happening.author())),
                happening.data());
    }

    private static Discussion summary(Repo repo, Topic topic, UnaryOperator<String> shown) {
        return new Discussion(
                topic.number(),
                topic.title(),
                topic.status().word(),
                Discussion.User.of(shown.apply(topic.author())),
                new Discussion.Repository(repo.name(), repo.type().value()),
                topic.isProposal(),
                topic.createdAt(),
                false,
                topic.comments(),
                null,
                null,
                null);
    }

    private Discussion details(Repo repo, Topic topic) {
        List<Happening> all = happenings.list(repo, topic.number());
        UnaryOperator<String> shown =
                names.of(Stream.concat(Stream.of(topic.author()), all.stream().map(Happening::author))
                        .toList());
        List<Discussion.Event> events =
                all.stream().map(happening -> event(happening, shown)).toList();
        if (!topic.isProposal()) {
            return summary(repo, topic, shown).with(events, null, null);
        }
        List<String> conflicts =
                topic.isSettled() ? List.of() : List.copyOf(merges.conflicts(repo, Revisions.MAIN, topic.ref()));
        Discussion.Changes changes =
                new Discussion.Changes(Revisions.MAIN, topic.mergedOid().orElse(null));
        return summary(repo, topic, shown).with(events, changes, conflicts);
    }
}
