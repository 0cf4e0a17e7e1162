package io.orrery.gateway.proxy;

import io.orrery.gateway.route.Worker;
import java.net.URI;
import java.util.function.Supplier;

/**
 * Somebody who may answer a call.
 *
 * @param what it is, for people, such as {@code the model-registry}
 * @param base its address
 * @param begin counts a call to it until closed
 */
record Target(String what, URI base, Supplier<Worker.Asking> begin) {
    static Target service(String what, URI base) {
        return new Target(what, base, () -> () -> {});
    }

    static Target worker(Worker worker) {
        return new Target("inference worker " + worker.id(), worker.url(), worker::begin);
    }
}
