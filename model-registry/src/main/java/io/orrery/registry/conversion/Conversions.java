package io.orrery.registry.conversion;

import io.orrery.api.hub.ConversionMessage;
import io.orrery.api.hub.ConversionRequest;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.events.Outbox;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.ContentAccess;
import io.orrery.registry.repository.Destinations;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.RepoName;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** What callers ask of conversions. */
@Service
class Conversions {
    private static final Duration BUSY = Duration.ofMinutes(1);

    private final Repos repos;
    private final Revisions revisions;
    private final Trees trees;
    private final ContentAccess access;
    private final Destinations destinations;
    private final JobTable table;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final ConversionProperties properties;

    Conversions(
            Repos repos,
            Revisions revisions,
            Trees trees,
            ContentAccess access,
            Destinations destinations,
            JobTable table,
            Outbox outbox,
            TransactionTemplate transactions,
            ConversionProperties properties) {
        this.repos = repos;
        this.revisions = revisions;
        this.trees = trees;
        this.access = access;
        this.destinations = destinations;
        this.table = table;
        this.outbox = outbox;
        this.transactions = transactions;
        this.properties = properties;
    }

    /** Notes a conversion and tells the workers; whatever can be refused at once is. */
    Job ask(ConversionRequest request, Caller caller) {
        Kind kind = Kind.named(request.kind());
        Optional<String> type = kind.type(request.type());
        Repo source = repos.get(RepoType.MODEL, request.source(), caller);
        access.require(source, caller);
        Commit commit = revisions.resolve(
                source, Optional.ofNullable(request.revision()).orElse("main"));
        Optional<String> file = Recipe.of(kind).file(trees.paths(commit), Optional.ofNullable(request.file()));
        RepoName target = target(request, kind.resultName(source.name(), type), caller);
        boolean isPrivate = isPrivate(request.isPrivate(), source, target, caller);
        if (table.open(caller) >= properties.open()) {
            throw HubProblem.tooManyRequests(
                    "You have " + properties.open() + " conversions that wait or run. Wait until one has ended.", BUSY);
        }
        Order order = new Order(
                UUID.randomUUID().toString(),
                Order.Customer.of(caller),
                kind,
                type,
                new Order.Origin(source.id(), source.name(), commit.oid(), file),
                target,
                isPrivate,
                Boolean.TRUE.equals(request.allowRequantize()));
        transactions.executeWithoutResult(status -> {
            table.insert(order, properties.ringAgain());
            tell(order.id());
        });
        return find(order.id(), caller);
    }

    private static RepoName target(ConversionRequest request, String name, Caller caller) {
        RepoName target = RepoName.of(
                Optional.empty(), Optional.ofNullable(request.target()).orElse(name), caller);
        if (target.value().equalsIgnoreCase(request.source())) {
            throw HubProblem.badRequest(
                    "The target " + target.value() + " is the source itself; name another repository");
        }
        return target;
    }

    /** What not everybody may read does not become public by being converted. */
    private boolean isPrivate(@Nullable Boolean asked, Repo source, RepoName target, Caller caller) {
        Optional<Repo> there = destinations.find(RepoType.MODEL, target, caller);
        boolean isDiscreet = Discretion.isNeeded(source);
        boolean isPrivate = there.map(Repo::isPrivate).orElse(asked == null ? isDiscreet : asked);
        Discretion.require(source, target.value(), isPrivate);
        return isPrivate;
    }

    Job find(String id, Caller caller) {
        return table.find(id)
                .filter(job -> job.order().isOf(caller))
                .orElseThrow(() -> HubProblem.of(404, "There is no conversion " + id));
    }

    List<Job> list(Caller caller, String after, int limit) {
        return caller.isAnonymous() ? List.of() : table.list(caller, after, limit);
    }

    /** One that has ended stays as it ended. */
    Job cancel(String id, Caller caller) {
        Job job = find(id, caller);
        if (!table.cancel(id) && !find(id, caller).state().equals(Job.State.CANCELLED)) {
            throw HubProblem.conflict("The conversion " + id + " has ended already: it has "
                    + find(id, caller).state().word());
        }
        return find(job.order().id(), caller);
    }

    /** Tells the workers again of what waits since long, or was begun by a worker that is dead. */
    void ring() {
        transactions.executeWithoutResult(status -> {
            for (String id :
                    table.toRing(properties.ringAgain(), properties.lock().multipliedBy(2))) {
                tell(id);
            }
        });
    }

    private void tell(String id) {
        outbox.write(ConversionMessage.TOPIC, id, new ConversionMessage(id));
    }
}
