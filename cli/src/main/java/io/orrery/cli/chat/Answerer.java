package io.orrery.cli.chat;

import java.util.List;
import java.util.function.Consumer;

/** Who answers a conversation. Confined to one thread. */
interface Answerer extends AutoCloseable {
    /**
     * @param conversation ends with the user's message
     * @param pieces gets the answer's text as it comes
     * @return the whole answer
     */
    String answer(List<Message> conversation, Consumer<String> pieces);

    @Override
    void close();
}
