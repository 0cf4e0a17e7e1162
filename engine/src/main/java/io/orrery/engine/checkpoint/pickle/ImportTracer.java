package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.pickle.PickleImports.Import;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goes through all opcodes of a pickle with a stack that knows of every value only whether it is a text and which, since the opcode
 * STACK_GLOBAL takes names from there. Time and memory are bounded by the pickle's size and by limits. Source of the opcodes, their arguments
 * and what they do to the stack: CPython 3.14 {@code Lib/pickletools.py}. Confined to one thread.
 */
final class ImportTracer {
    private static final int MOST_OPCODES = 50_000_000;
    private static final int MOST_VALUES = 1 << 22;
    private static final int MOST_IMPORTS = 10_000;
    private static final int MOST_NAME = 256;

    /** A value of the stack: a text short enough to be a name, something else, or the mark. */
    private sealed interface Value {
        record Name(String text) implements Value {}

        enum Other implements Value {
            ANY,
            MARK
        }
    }

    private final PickleCursor in;
    private final Set<Import> imports;
    private final List<Value> stack = new ArrayList<>();
    private final Map<Long, Value> memo = new HashMap<>();

    /** @param imports is added to, so that what was found stays where the pickle breaks */
    ImportTracer(PickleCursor in, Set<Import> imports) {
        this.in = in;
        this.imports = imports;
    }

    /** To the opcode that ends the pickle. @throws io.orrery.engine.checkpoint.CheckpointException where it breaks */
    void run() {
        for (int i = 0; i < MOST_OPCODES; i++) {
            int opcode = in.opcode();
            if (opcode == '.') {
                return;
            }
            if (!constant(opcode) && !container(opcode) && !remembered(opcode) && !imported(opcode)) {
                throw in.broken("uses the opcode 0x" + Integer.toHexString(opcode) + ", which no pickle has");
            }
        }
        throw in.broken("has more than " + MOST_OPCODES + " opcodes");
    }

    /** Opcodes that push what stands behind them. */
    private boolean constant(int opcode) {
        switch (opcode) {
            case 'N', 0x88, 0x89, 0x97 -> push(Value.Other.ANY);
            case 'K' -> skipped(1);
            case 'M' -> skipped(2);
            case 'J' -> skipped(4);
            case 'G' -> skipped(8);
            case 0x8a -> skipped(in.u8());
            case 0x8b, 'B' -> skipped(in.u32());
            case 'C' -> skipped(in.u8());
            case 0x8e, 0x96 -> skipped(in.i64());
            case 'I', 'L', 'F', 'P' -> {
                line();
                push(Value.Other.ANY);
            }
            case 'S' -> push(name(unquoted(line())));
            case 'V' -> push(name(line()));
            case 'U', 0x8c -> text(in.u8());
            case 'T', 'X' -> text(in.u32());
            case 0x8d -> text(in.i64());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Opcodes that make a value of others, or change one. */
    private boolean container(int opcode) {
        switch (opcode) {
            case ']', '}', ')', 0x8f -> push(Value.Other.ANY);
            case '(' -> push(Value.Other.MARK);
            case 'l', 'd', 't', 0x91, 'o' -> {
                popToMark();
                push(Value.Other.ANY);
            }
            case 'e', 'u', 0x90, '1' -> popToMark();
            case 'a', 'b' -> pop();
            case '0' -> drop();
            case 's' -> pop(2);
            case 0x85, 'Q' -> replaced(1);
            case 0x86, 'R', 0x81 -> replaced(2);
            case 0x87, 0x92 -> replaced(3);
            case '2' -> push(top());
            case 0x98 -> top();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean remembered(int opcode) {
        switch (opcode) {
            case 0x80 -> in.skip(1);
            case 0x95 -> in.skip(8);
            case 'p' -> remember(number(line()));
            case 'q' -> remember(in.u8());
            case 'r' -> remember(in.u32());
            case 0x94 -> remember(memo.size());
            case 'g' -> push(recalled(number(line())));
            case 'h' -> push(recalled(in.u8()));
            case 'j' -> push(recalled(in.u32()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean imported(int opcode) {
        switch (opcode) {
            case 'c' -> {
                found(line(), line());
                push(Value.Other.ANY);
            }
            case 'i' -> {
                found(line(), line());
                popToMark();
                push(Value.Other.ANY);
            }
            case 0x93 -> {
                Value name = pop();
                found(pop(), name);
                push(Value.Other.ANY);
            }
            case 0x82 -> extension(in.u8());
            case 0x83 -> extension(in.u8() | in.u8() << Byte.SIZE);
            case 0x84 -> extension(in.u32());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void found(Value module, Value name) {
        if (module instanceof Value.Name first && name instanceof Value.Name second) {
            found(first.text(), second.text());
        } else {
            add(Import.COMPUTED);
        }
    }

    private void found(String module, String name) {
        boolean isName = module.length() <= MOST_NAME && name.length() <= MOST_NAME;
        add(isName ? new Import(module, name) : Import.COMPUTED);
    }

    /** A number that copyreg knows a class by, on the machine that reads. */
    private void extension(long code) {
        add(new Import("copyreg", "extension " + code));
        push(Value.Other.ANY);
    }

    private void add(Import found) {
        if (imports.add(found) && imports.size() > MOST_IMPORTS) {
            throw in.broken("names more than " + MOST_IMPORTS + " functions and classes");
        }
    }

    private void skipped(long bytes) {
        in.skip(bytes);
        push(Value.Other.ANY);
    }

    private void text(long bytes) {
        if (bytes >= 0 && bytes <= MOST_NAME) {
            push(new Value.Name(in.characters((int) bytes)));
        } else {
            skipped(bytes);
        }
    }

    /** Longer texts are read past, and are names of nothing. */
    private String line() {
        StringBuilder line = new StringBuilder();
        for (int next = in.u8(); next != '\n'; next = in.u8()) {
            if (line.length() <= MOST_NAME) {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static Value name(String text) {
        return text.length() <= MOST_NAME && text.indexOf('\\') < 0 ? new Value.Name(text) : Value.Other.ANY;
    }

    private static String unquoted(String line) {
        boolean isQuoted = line.length() >= 2 && (line.charAt(0) == '\'' || line.charAt(0) == '"');
        return isQuoted ? line.substring(1, line.length() - 1) : line;
    }

    private long number(String line) {
        if (!line.matches("\\d{1,18}")) {
            throw in.broken("remembers a value under '" + line + "', which is no number");
        }
        return Long.parseLong(line);
    }

    private void push(Value value) {
        if (stack.size() == MOST_VALUES) {
            throw in.broken("handles more than " + MOST_VALUES + " values at once");
        }
        stack.add(value);
    }

    private Value top() {
        if (stack.isEmpty() || stack.getLast() == Value.Other.MARK) {
            throw in.broken("takes a value where there is none");
        }
        return stack.getLast();
    }

    private Value pop() {
        Value value = top();
        stack.removeLast();
        return value;
    }

    private void pop(int count) {
        for (int i = 0; i < count; i++) {
            pop();
        }
    }

    /** As Python does it, also of a mark. */
    private void drop() {
        if (stack.isEmpty()) {
            throw in.broken("drops a value where there is none");
        }
        stack.removeLast();
    }

    private void replaced(int count) {
        pop(count);
        push(Value.Other.ANY);
    }

    private void popToMark() {
        int mark = stack.lastIndexOf(Value.Other.MARK);
        if (mark < 0) {
            throw in.broken("takes values back to a mark that is not there");
        }
        stack.subList(mark, stack.size()).clear();
    }

    private void remember(long index) {
        if (memo.size() == MOST_VALUES) {
            throw in.broken("remembers more than " + MOST_VALUES + " values");
        }
        memo.put(index, top());
    }

    private Value recalled(long index) {
        return Optional.ofNullable(memo.get(index))
                .orElseThrow(() -> in.broken("recalls the value " + index + ", which it did not remember"));
    }
}
