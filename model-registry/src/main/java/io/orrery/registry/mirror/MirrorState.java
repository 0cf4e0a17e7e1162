package io.orrery.registry.mirror;

import org.springframework.stereotype.Component;

/** Whether the other hub is asked at all; an administrator may change it while the registry runs. Safe for many threads. */
@Component
class MirrorState {
    private volatile boolean offline;

    MirrorState(MirrorProperties properties) {
        this.offline = properties.offline();
    }

    boolean isOffline() {
        return offline;
    }

    void setOffline(boolean offline) {
        this.offline = offline;
    }
}
