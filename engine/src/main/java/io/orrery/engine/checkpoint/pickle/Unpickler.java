package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.pickle.PickleValue.Decimal;
import io.orrery.engine.checkpoint.pickle.PickleValue.Flag;
import io.orrery.engine.checkpoint.pickle.PickleValue.Function;
import io.orrery.engine.checkpoint.pickle.PickleValue.Items;
import io.orrery.engine.checkpoint.pickle.PickleValue.Mapping;
import io.orrery.engine.checkpoint.pickle.PickleValue.Mark;
import io.orrery.engine.checkpoint.pickle.PickleValue.Nothing;
import io.orrery.engine.checkpoint.pickle.PickleValue.Text;
import io.orrery.engine.checkpoint.pickle.PickleValue.Tuple;
import io.orrery.engine.checkpoint.pickle.PickleValue.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the part of the pickle language that torch.save writes, and refuses the rest by its place: it builds plain data and
 * descriptions of tensors, in memory that the pickle's own size bounds. Source of the opcodes: CPython {@code Lib/pickletools.py}.
 */
final class Unpickler {
    static final int NEWEST_PROTOCOL = 5;
    private static final int MOST_REMEMBERED = 1 << 22;

    private final PickleCursor in;
    private final PickleStack stack;
    private final TensorCalls calls;
    private final Map<Long, PickleValue> memo = new HashMap<>();

    Unpickler(PickleCursor in) {
        this.in = in;
        this.stack = new PickleStack(in);
        this.calls = new TensorCalls(in);
    }

    /** One value, up to the opcode that ends it. */
    PickleValue read() {
        for (int opcode = in.opcode(); opcode != '.'; opcode = in.opcode()) {
            execute(opcode);
        }
        return stack.pop();
    }

    private void execute(int opcode) {
        switch (opcode) {
            case 0x80 -> checkProtocol(in.u8());
            case 'N', 0x88, 0x89, 'J', 'K', 'M', 0x8a, 'G', 'X', 0x8c -> stack.push(constant(opcode));
            case '}', ']', ')', '(', 't', 0x85, 0x86, 0x87 -> stack.push(container(opcode));
            case 'a', 'e' -> append(opcode == 'a' ? stack.pop(1) : stack.popToMark());
            case 's', 'u' -> put(opcode == 's' ? stack.pop(2) : stack.popToMark());
            case 'q' -> remember(in.u8());
            case 'r' -> remember(in.u32());
            case 0x94 -> remember(memo.size());
            case 'h' -> stack.push(recalled(in.u8()));
            case 'j' -> stack.push(recalled(in.u32()));
            case 'c' -> stack.push(global(in.line(), in.line()));
            case 'R' -> stack.push(call(stack.pop(2)));
            case 'b' -> build(stack.pop());
            case 'Q' -> stack.push(calls.storage(stack.pop()));
            default ->
                throw in.broken("uses the opcode 0x" + Integer.toHexString(opcode)
                        + ", which files of tensors in protocol 2 do without");
        }
    }

    private void checkProtocol(int protocol) {
        if (protocol > NEWEST_PROTOCOL) {
            throw in.broken("is of protocol " + protocol + ", which is not known");
        }
    }

    private PickleValue constant(int opcode) {
        return switch (opcode) {
            case 0x88 -> new Flag(true);
            case 0x89 -> new Flag(false);
            case 'J' -> new Whole(in.i32());
            case 'K' -> new Whole(in.u8());
            case 'M' -> new Whole(in.u8() | in.u8() << Byte.SIZE);
            case 0x8a -> new Whole(in.signed(in.u8()));
            case 'G' -> new Decimal(in.f64());
            case 'X' -> new Text(in.text(in.u32()));
            case 0x8c -> new Text(in.text(in.u8()));
            default -> Nothing.NONE;
        };
    }

    private PickleValue container(int opcode) {
        return switch (opcode) {
            case '}' -> new Mapping(new LinkedHashMap<>());
            case ']' -> new Items(new ArrayList<>());
            case ')' -> new Tuple(List.of());
            case 't' -> new Tuple(stack.popToMark());
            case 0x85 -> new Tuple(stack.pop(1));
            case 0x86 -> new Tuple(stack.pop(2));
            case 0x87 -> new Tuple(stack.pop(3));
            default -> Mark.MARK;
        };
    }

    private void append(List<PickleValue> values) {
        if (!(stack.top() instanceof Items list)) {
            throw in.broken("appends to " + stack.top().kind());
        }
        list.items().addAll(values);
    }

    private void put(List<PickleValue> keysAndValues) {
        if (!(stack.top() instanceof Mapping dictionary)) {
            throw in.broken("sets items of " + stack.top().kind());
        }
        if (keysAndValues.size() % 2 != 0) {
            throw in.broken("sets a key of a dictionary without a value");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            if (!(keysAndValues.get(i) instanceof Text key)) {
                throw in.broken("has a dictionary with " + keysAndValues.get(i).kind() + " as a key");
            }
            dictionary.entries().put(key.value(), keysAndValues.get(i + 1));
        }
    }

    private void remember(long index) {
        if (memo.size() == MOST_REMEMBERED) {
            throw in.broken("remembers more than " + MOST_REMEMBERED + " values");
        }
        memo.put(index, stack.top());
    }

    private PickleValue recalled(long index) {
        return Optional.ofNullable(memo.get(index))
                .orElseThrow(() -> in.broken("recalls the value " + index + ", which it did not remember"));
    }

    private PickleValue global(String module, String name) {
        return Global.find(module, name)
                .orElseThrow(() -> in.broken("names " + module + "." + name
                        + ", which no file of tensors needs; nothing of it was executed"));
    }

    private PickleValue call(List<PickleValue> functionAndArguments) {
        if (!(functionAndArguments.getFirst() instanceof Function function)) {
            throw in.broken("calls " + functionAndArguments.getFirst().kind());
        }
        if (!(functionAndArguments.getLast() instanceof Tuple arguments)) {
            throw in.broken("calls " + function.global() + " with "
                    + functionAndArguments.getLast().kind());
        }
        return calls.call(function.global(), arguments.items());
    }

    /** State beside the entries of a dictionary, such as {@code _metadata}, is nothing that tensors need. */
    private void build(PickleValue state) {
        if (!(stack.top() instanceof Mapping) || !(state instanceof Mapping)) {
            throw in.broken("sets the state of " + stack.top().kind() + " to " + state.kind());
        }
    }
}
