package io.orrery.registry.wire;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.json.JsonMapper;

/** Hands requests to their routes, with the route's pattern as the name under which metrics count them, and writes every failure as the Hub does. */
@Configuration(proxyBeanMethods = false)
class HubDispatch {
    private static final Logger LOG = LoggerFactory.getLogger(HubDispatch.class);

    @Bean
    RouterFunction<ServerResponse> hubRouterFunction(
            RouteTable table, HubErrorWriter errors, JsonMapper json, List<CallerObserver> observers) {
        Map<HubRoute, PathPattern> names = table.all().stream()
                .collect(Collectors.toMap(
                        Function.identity(), route -> PathPatternParser.defaultInstance.parse(route.pattern())));
        return request -> {
            HubPath path = HubPath.parse(RouteTable.rawPath(request.servletRequest()));
            return table.find(request.method().name(), path).map(route -> {
                request.attributes().put(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE, names.get(route));
                return matched -> answer(route, new HubCall(matched, path, json), errors, observers);
            });
        };
    }

    private static ServerResponse answer(
            HubRoute route, HubCall call, HubErrorWriter errors, List<CallerObserver> observers) {
        try {
            if (route.changes() && isAnonymous(route, call)) {
                throw HubProblem.forbidden("Forbidden: this needs an access token.");
            }
            if (route.changes() && route.scope().isPresent()) {
                observers.forEach(observer -> observer.changing(call.caller()));
            }
            return route.handler().handle(call);
        } catch (HubProblem problem) {
            call.drainBody();
            return problem.movedTo().isPresent()
                    ? ServerResponse.status(problem.status())
                            .header(
                                    "Location",
                                    call.addressWith(problem.movedTo().get()))
                            .build()
                    : refusal(isAnonymous(route, call) ? problem.toAnonymous() : problem, errors);
        } catch (Exception failure) { // the root of a request: what arrives here is a fault of ours
            LOG.error("{} {} failed", route.method(), call.servletRequest().getRequestURI(), failure);
            call.drainBody();
            return refusal(
                    HubProblem.of(500, "The registry failed at this request; its log says why, under the request's id"),
                    errors);
        }
    }

    private static boolean isAnonymous(HubRoute route, HubCall call) {
        return route.scope().isPresent() && call.caller().isAnonymous();
    }

    private static ServerResponse refusal(HubProblem problem, HubErrorWriter errors) {
        return ServerResponse.status(problem.status()).build((request, response) -> {
            errors.write(request, response, problem);
            return null;
        });
    }
}
