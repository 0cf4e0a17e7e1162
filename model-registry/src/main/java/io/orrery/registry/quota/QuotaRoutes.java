package io.orrery.registry.quota;

import io.orrery.api.identity.Scope;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Shows administrators what namespaces keep, and lets them say what one may. */
@Component
class QuotaRoutes implements HubRoutes {
    private static final String QUOTAS = "/api/admin/quotas";

    /** What is left out has no limit. */
    private record Order(
            String namespace,
            @Nullable Long bytes,
            @Nullable Integer repositories) {}

    private record Entry(String namespace, long bytes, int repositories, Limit limit, boolean isDefault) {}

    private record Report(Limit byDefault, List<Entry> namespaces) {}

    private final Limits limits;
    private final Usages usages;

    QuotaRoutes(Limits limits, Usages usages) {
        this.limits = limits;
        this.usages = usages;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                new HubRoute(HttpMethod.GET, QUOTAS, Optional.of(Scope.ADMIN), call -> report()),
                new HubRoute(HttpMethod.PUT, QUOTAS, Optional.of(Scope.ADMIN), this::set),
                new HubRoute(HttpMethod.DELETE, QUOTAS, Optional.of(Scope.ADMIN), this::forget));
    }

    private ServerResponse report() {
        Map<String, Limit> own = limits.all();
        Map<String, Usage> kept =
                usages.all().stream().collect(Collectors.toMap(Usage::namespace, Function.identity()));
        Set<String> names = new TreeSet<>(own.keySet());
        names.addAll(kept.keySet());
        return ServerResponse.ok()
                .body(new Report(
                        limits.byDefault(),
                        names.stream()
                                .map(name -> entry(
                                        kept.getOrDefault(name, new Usage(name, 0, 0)),
                                        Optional.ofNullable(own.get(name))))
                                .toList()));
    }

    private Entry entry(Usage usage, Optional<Limit> own) {
        return new Entry(
                usage.namespace(), usage.bytes(), usage.repositories(), own.orElse(limits.byDefault()), own.isEmpty());
    }

    private ServerResponse set(HubCall call) {
        Order order = call.body(Order.class);
        if ((order.bytes() != null && order.bytes() < 0)
                || (order.repositories() != null && order.repositories() < 0)) {
            throw HubProblem.badRequest("bytes (" + order.bytes() + ") and repositories (" + order.repositories()
                    + ") must not be negative; leave out what has no limit");
        }
        String namespace = namespace(order.namespace());
        Limit limit = new Limit(Optional.ofNullable(order.bytes()), Optional.ofNullable(order.repositories()));
        limits.set(namespace, limit, call.caller().name());
        return ServerResponse.ok().body(entry(usages.of(namespace), Optional.of(limit)));
    }

    private ServerResponse forget(HubCall call) {
        String namespace = namespace(
                call.query("namespace").orElseThrow(() -> HubProblem.badRequest("The query lacks the namespace")));
        if (!limits.forget(namespace, call.caller().name())) {
            throw HubProblem.of(404, "The namespace " + namespace + " has no quota of its own");
        }
        return ServerResponse.ok().body(entry(usages.of(namespace), Optional.empty()));
    }

    private static String namespace(String name) {
        if (name.isBlank() || name.contains("/") || name.length() > 96) {
            throw HubProblem.badRequest("namespace must be what stands before the slash in the names of"
                    + " repositories, but is '" + name + "'");
        }
        return name.toLowerCase(Locale.ROOT);
    }
}
