package io.orrery.registry.conversion;

import io.orrery.api.hub.ConversionRequest;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.NextPage;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Takes orders and tells how far they are. */
@Component
class ConversionRoutes implements HubRoutes {
    private static final String ALL = "/api/conversions";
    private static final String ONE = ALL + "/{id}";
    private static final int PAGE = 50;
    private static final int MOST = 500;

    private final Conversions conversions;

    ConversionRoutes(Conversions conversions) {
        this.conversions = conversions;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(
                HubRoute.write(HttpMethod.POST, ALL, this::ask),
                HubRoute.read(HttpMethod.GET, ALL, this::list),
                HubRoute.read(HttpMethod.GET, ONE, this::find),
                HubRoute.write(HttpMethod.DELETE, ONE, this::cancel));
    }

    private ServerResponse ask(HubCall call) {
        Job job = conversions.ask(call.body(ConversionRequest.class), call.caller());
        return ServerResponse.status(202)
                .header("Location", call.baseUrl().path(ALL + "/" + job.order().id()))
                .body(job.told());
    }

    private ServerResponse list(HubCall call) {
        int limit = call.limit(PAGE, MOST);
        List<Job> jobs = conversions.list(call.caller(), NextPage.position(call), limit);
        ServerResponse.BodyBuilder answer = ServerResponse.ok();
        if (jobs.size() == limit) {
            answer.header("Link", NextPage.link(call, jobs.getLast().order().id()));
        }
        return answer.body(jobs.stream().map(Job::told).toList());
    }

    private ServerResponse find(HubCall call) {
        return ServerResponse.ok()
                .body(conversions.find(id(call), call.caller()).told());
    }

    private ServerResponse cancel(HubCall call) {
        return ServerResponse.ok()
                .body(conversions.cancel(id(call), call.caller()).told());
    }

    private static String id(HubCall call) {
        return call.rest().getFirst();
    }
}
