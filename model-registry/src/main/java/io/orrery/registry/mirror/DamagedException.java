package io.orrery.registry.mirror;

import java.io.IOException;

/** What came is not what was promised. */
final class DamagedException extends IOException {
    DamagedException(String what) {
        super(what);
    }
}
