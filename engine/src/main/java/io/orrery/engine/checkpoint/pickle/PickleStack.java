package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.pickle.PickleValue.Mark;
import java.util.ArrayList;
import java.util.List;

/** The values that a pickle works on, of which there are only so many. */
final class PickleStack {
    private static final int MOST_AT_ONCE = 1 << 20;
    private static final int MOST_PUSHED = 1 << 22;

    private final PickleCursor in;
    private final List<PickleValue> values = new ArrayList<>();
    private int pushed;

    PickleStack(PickleCursor in) {
        this.in = in;
    }

    void push(PickleValue value) {
        if (values.size() == MOST_AT_ONCE || pushed == MOST_PUSHED) {
            throw in.broken("handles more values than " + (pushed == MOST_PUSHED ? MOST_PUSHED : MOST_AT_ONCE));
        }
        pushed++;
        values.add(value);
    }

    PickleValue pop() {
        PickleValue value = top();
        values.removeLast();
        return value;
    }

    /** The last value, which is none but a mark. */
    PickleValue top() {
        if (values.isEmpty() || values.getLast() == Mark.MARK) {
            throw in.broken("takes a value where there is none");
        }
        return values.getLast();
    }

    /** The last values, first one first. */
    List<PickleValue> pop(int count) {
        PickleValue[] popped = new PickleValue[count];
        for (int i = count - 1; i >= 0; i--) {
            popped[i] = pop();
        }
        return List.of(popped);
    }

    /** The values behind the last mark, and the mark. */
    List<PickleValue> popToMark() {
        int mark = values.lastIndexOf(Mark.MARK);
        if (mark < 0) {
            throw in.broken("takes values back to a mark that is not there");
        }
        List<PickleValue> above = values.subList(mark + 1, values.size());
        List<PickleValue> popped = List.copyOf(above);
        values.subList(mark, values.size()).clear();
        return popped;
    }
}
