package io.orrery.inference.model;

import io.orrery.engine.generate.ChatPrompt;
import io.orrery.engine.generate.MemoryPlan;
import io.orrery.engine.generate.ServedModel;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.inference.device.Device;
import io.orrery.inference.model.Resident.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Brings a model from its source to the device. Thread-safe; a load is done by the thread that asks for it. */
@Component
class ModelLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

    private final ModelSource source;
    private final Device device;

    ModelLoader(ModelSource source, Device device) {
        this.source = source;
        this.device = device;
    }

    /** Sets the memory aside before it takes it. */
    Loaded load(Resident resident, Residency residency) throws InterruptedException {
        Path path = source.fetch(
                resident.repository,
                resident.commit,
                (_, done, total) -> resident.stage = "downloading " + resident.repository + percent(done, total));
        resident.stage = "opening " + resident.repository;
        try (ModelFiles files = ModelFiles.open(weights(path))) {
            MemoryPlan plan = device.engine().plan(files, device.serving());
            resident.stage = "making room for " + resident.repository;
            residency.makeRoom(resident, plan.bytes());
            Tokenizer tokenizer = files.tokenizer();
            Optional<ChatPrompt> chat = files.chatFormat().map(format -> new ChatPrompt(tokenizer, format));
            ServedModel served = device.engine()
                    .load(
                            files,
                            device.serving(),
                            (done, total) -> resident.stage = "loading " + resident.repository + percent(done, total));
            LOG.info(
                    "{}@{} is on {}: {} bytes, context {}",
                    resident.repository,
                    resident.commit,
                    device.engine().device(),
                    served.bytes(),
                    served.contextLength());
            return new Loaded(served, tokenizer, chat, files.stopTokens());
        }
    }

    private static String percent(long done, long total) {
        return total == 0 ? "" : " " + 100 * done / total + " %";
    }

    /** A repository may hold a GGUF file instead of a folder's safetensors. */
    private static Path weights(Path path) {
        if (!Files.isDirectory(path) || Files.exists(path.resolve("config.json"))) {
            return path;
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> gguf =
                    files.filter(file -> file.toString().endsWith(".gguf")).toList();
            return gguf.size() == 1 ? gguf.getFirst() : path;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + path, e);
        }
    }
}
