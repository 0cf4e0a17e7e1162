package io.orrery.cli.demo;

import java.util.List;

/**
 * One kind of question, written by a generator of ours.
 *
 * @param name for people
 * @param training questions to learn from; may repeat
 * @param heldOut questions to be asked afterwards; none of their texts is among those to learn from
 */
record Family(String name, List<Question> training, List<Question> heldOut) {
    Family {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }
}
