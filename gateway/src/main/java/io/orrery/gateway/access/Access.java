package io.orrery.gateway.access;

/** What a route asks of its caller. */
public sealed interface Access {
    /** Nothing. */
    record Open() implements Access {}

    /** An address that the registry signed: its token, not a key, is the authority, and the registry checks it. */
    record Signed() implements Access {}

    /** A bearer token that the registry gave out: it goes through as it came, and the registry checks it. */
    record Passed() implements Access {}

    /** Any good key. */
    record AnyKey() implements Access {}

    /** Nobody in particular, where {@link AnonymousProperties} let such callers in; a key that comes must be good and have the scope. */
    record Public(io.orrery.api.identity.Scope scope) implements Access {}

    /** A key that has the scope. */
    record Needs(io.orrery.api.identity.Scope scope) implements Access {}
}
