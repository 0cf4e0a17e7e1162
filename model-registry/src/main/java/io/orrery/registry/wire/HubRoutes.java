package io.orrery.registry.wire;

import java.util.List;

/** A feature's routes; every bean of this type is in the {@link RouteTable}. */
public interface HubRoutes {
    List<HubRoute> routes();
}
