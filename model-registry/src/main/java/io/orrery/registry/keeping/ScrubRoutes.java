package io.orrery.registry.keeping;

import io.orrery.api.identity.Scope;
import io.orrery.registry.background.Signal;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Lets administrators see what was found damaged, and have all contents looked at now. */
@Component
class ScrubRoutes implements HubRoutes {
    record Report(Optional<ScrubRound> round, List<Damages.Damage> damaged) {}

    private final ScrubRounds rounds;
    private final Damages damages;
    private final Signal wake;

    ScrubRoutes(ScrubRounds rounds, Damages damages, Signal scrubSignal) {
        this.rounds = rounds;
        this.damages = damages;
        this.wake = scrubSignal;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                new HubRoute(HttpMethod.POST, "/api/admin/scrub", Optional.of(Scope.ADMIN), this::begin),
                new HubRoute(HttpMethod.GET, "/api/admin/scrub", Optional.of(Scope.ADMIN), this::report));
    }

    private ServerResponse begin(HubCall call) {
        rounds.begin();
        wake.raise();
        return ServerResponse.accepted().body(report());
    }

    private ServerResponse report(HubCall call) {
        return ServerResponse.ok().body(report());
    }

    private Report report() {
        return new Report(rounds.last(), damages.list());
    }
}
