package io.orrery.registry.compatibility;

import io.orrery.api.identity.Scope;
import io.orrery.registry.compatibility.ClientReport.Case;
import io.orrery.registry.compatibility.ClientReport.Outcome;
import io.orrery.registry.compatibility.ClientReports.Dated;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Tells everybody which clients work here, and takes the reports of those who tried. */
@Component
class ClientReportRoutes implements HubRoutes {
    private static final String REPORTS = "/api/_conformance";

    private record Told(
            String client, String version, Instant at, long passed, long failed, long skipped, List<Case> cases) {
        static Told of(Dated dated) {
            ClientReport report = dated.report();
            return new Told(
                    report.client(),
                    report.version(),
                    dated.at(),
                    report.count(Outcome.PASSED),
                    report.count(Outcome.FAILED),
                    report.count(Outcome.SKIPPED),
                    report.cases());
        }
    }

    private final ClientReports reports;

    ClientReportRoutes(ClientReports reports) {
        this.reports = reports;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.read(HttpMethod.GET, REPORTS, this::all),
                new HubRoute(HttpMethod.POST, REPORTS, Optional.of(Scope.ADMIN), this::report));
    }

    private ServerResponse all(HubCall call) {
        return ServerResponse.ok()
                .body(Map.of("clients", reports.all().stream().map(Told::of).toList()));
    }

    private ServerResponse report(HubCall call) {
        reports.put(call.body(ClientReport.class));
        return ServerResponse.status(204).build();
    }
}
