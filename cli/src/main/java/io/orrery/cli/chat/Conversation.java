package io.orrery.cli.chat;

import io.orrery.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was said so far, and the loop that asks for more. Confined to one thread. */
final class Conversation {
    private static final String HELP = "/clear starts anew, /exit or Ctrl-D ends.";

    private final Answerer answerer;
    private final Optional<Message> system;
    private final Terminal terminal;
    private final List<Message> said = new ArrayList<>();

    Conversation(Answerer answerer, Optional<String> system, Terminal terminal) {
        this.answerer = answerer;
        this.system = system.map(text -> new Message("system", text));
        this.terminal = terminal;
        clear();
    }

    private void clear() {
        said.clear();
        system.ifPresent(said::add);
    }

    /** Says one thing and shows the answer as it comes. */
    void say(String text) {
        said.add(new Message("user", text));
        said.add(new Message("assistant", answerer.answer(said, terminal::piece)));
        terminal.line("");
    }

    /** Until the user leaves. */
    void talk(String model) {
        terminal.note("chatting with " + model + "; " + HELP);
        while (true) {
            Optional<String> line = terminal.answer("> ");
            if (line.isEmpty() || line.get().equals("/exit")) {
                return;
            }
            switch (line.get()) {
                case "" -> {}
                case "/clear" -> clear();
                case "/help" -> terminal.note(HELP);
                default -> say(line.get());
            }
        }
    }
}
