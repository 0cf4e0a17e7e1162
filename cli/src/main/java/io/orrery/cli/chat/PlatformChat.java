package io.orrery.cli.chat;

import io.orrery.cli.platform.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A model that a platform serves. */
final class PlatformChat implements Answerer {
    private final Platform platform;
    private final String model;
    private final Map<String, Object> fields;

    /** @param fields of every request beside model and messages */
    PlatformChat(Platform platform, String model, Map<String, Object> fields) {
        this.platform = platform;
        this.model = model;
        this.fields = fields;
    }

    @Override
    public String answer(List<Message> conversation, Consumer<String> pieces) {
        Map<String, Object> request = new LinkedHashMap<>(fields);
        request.put("model", model);
        request.put("messages", conversation.stream().map(Message::toJson).toList());
        StringBuilder whole = new StringBuilder();
        platform.streamChat(request, chunk -> {
            String piece =
                    chunk.path("choices").path(0).path("delta").path("content").asString("");
            if (!piece.isEmpty()) {
                whole.append(piece);
                pieces.accept(piece);
            }
        });
        return whole.toString();
    }

    @Override
    public void close() {
        platform.close();
    }
}
