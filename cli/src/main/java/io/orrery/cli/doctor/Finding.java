package io.orrery.cli.doctor;

/**
 * One thing that was looked for.
 *
 * @param check what it is
 * @param state whether it is there
 * @param found what was seen, in a few words
 * @param advice how to get it; empty where it is there
 */
record Finding(String check, State state, String found, String advice) {
    enum State {
        OK,
        /** Not there, and the platform does without it. */
        ABSENT,
        /** The platform cannot run without it. */
        NEEDED
    }

    static Finding ok(String check, String found) {
        return new Finding(check, State.OK, found, "");
    }

    static Finding absent(String check, String found, String advice) {
        return new Finding(check, State.ABSENT, found, advice);
    }

    static Finding needed(String check, String found, String advice) {
        return new Finding(check, State.NEEDED, found, advice);
    }
}
