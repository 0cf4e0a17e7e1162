package io.orrery.inference.model;

import io.orrery.api.inference.ModelName;
import io.orrery.api.inference.ResidentModel;
import io.orrery.api.openai.ModelObject;
import io.orrery.engine.generate.ServedModel;
import io.orrery.hub.HubException;
import io.orrery.inference.access.Caller;
import io.orrery.inference.device.Device;
import io.orrery.inference.model.Residency.Held;
import io.orrery.inference.model.Residency.HeldAdapter;
import io.orrery.inference.model.Resident.Adapter;
import io.orrery.inference.model.Resident.Loaded;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Models by name. Thread-safe. */
@Component
public class Models {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);

    private final ModelSource source;
    private final ModelLoader loader;
    private final AdapterLoader adapterLoader;
    private final Residency residency;
    private final long memory;
    private final Runnable changed;

    Models(
            ModelSource source,
            ModelLoader loader,
            AdapterLoader adapterLoader,
            Device device,
            ModelProperties properties,
            ApplicationEventPublisher events) {
        this.source = source;
        this.loader = loader;
        this.adapterLoader = adapterLoader;
        this.memory = device.memory();
        this.changed = () -> events.publishEvent(new ResidencyChanged());
        this.residency = new Residency(device.memory(), properties, changed);
    }

    /** Begins whatever is missing before a model can answer; many who want the same share one load. */
    public Pending acquire(Caller caller, String model) {
        Pending pending = new Pending();
        Thread.ofVirtual().name("acquire " + model).start(() -> {
            try {
                pending.complete(obtain(caller, ModelName.parse(model), pending));
            } catch (RuntimeException e) {
                pending.fail(Problems.loading(model, e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                pending.fail(Problems.unavailable("The service is stopping."));
            } catch (Error e) {
                LOG.error("loading {} failed", model, e);
                pending.fail(e);
            }
        });
        return pending;
    }

    private Lease obtain(Caller caller, ModelName name, Pending pending) throws InterruptedException {
        String revision = name.revision().orElse(ModelSource.MAIN);
        if (name.adapter().isEmpty()) {
            String commit = source.commit(caller, name.repository(), revision);
            return new Lease(residency, ready(name.repository(), commit, revision, pending), Optional.empty());
        }
        String adapter = name.adapter().get();
        String adapterCommit = source.commit(caller, adapter, revision);
        String baseRevision = adapterLoader.baseRevision(name.repository(), adapter, adapterCommit);
        String commit = source.commit(caller, name.repository(), baseRevision);
        Resident base = ready(name.repository(), commit, baseRevision, pending);
        try {
            return new Lease(residency, base, Optional.of(ready(base, adapter, adapterCommit)));
        } catch (RuntimeException | Error e) {
            residency.release(base, Optional.empty());
            throw e;
        }
    }

    /** Held, and loaded by whoever came first. */
    private Resident ready(String repository, String commit, String revision, Pending pending)
            throws InterruptedException {
        Held held = residency.hold(repository, commit);
        Resident resident = held.resident();
        pending.watch(() -> resident.stage);
        if (held.first()) {
            changed.run();
            try {
                resident.loaded.complete(loader.load(resident, residency));
            } catch (RuntimeException | InterruptedException | Error e) {
                residency.drop(resident);
                resident.loaded.completeExceptionally(e);
                throw e;
            }
            changed.run();
        }
        joinOrThrow(resident.loaded::join);
        residency.named(resident, revision);
        return resident;
    }

    private Adapter ready(Resident base, String repository, String commit) {
        HeldAdapter held = residency.hold(base, repository, commit);
        ServedModel served = base.loaded.join().served();
        held.superfluous().forEach(old -> served.removeAdapter(old.key()));
        Adapter adapter = held.adapter();
        if (held.first()) {
            try {
                adapterLoader.load(base, adapter);
                adapter.loaded.complete(adapter.key());
            } catch (RuntimeException | Error e) {
                residency.drop(base, adapter);
                adapter.loaded.completeExceptionally(e);
                throw e;
            }
            changed.run();
        }
        joinOrThrow(adapter.loaded::join);
        return adapter;
    }

    private static void joinOrThrow(Runnable join) {
        try {
            join.run();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** What the caller can ask for. */
    public List<ModelObject> list(Caller caller) {
        try {
            return source.list(caller);
        } catch (HubException e) {
            throw Problems.loading("list", e);
        }
    }

    /** One of them, or a revision of one. @throws io.orrery.inference.wire.OpenAiProblem where the caller cannot ask for it */
    public ModelObject find(Caller caller, String id) {
        return list(caller).stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .orElseGet(() -> revision(caller, id));
    }

    private ModelObject revision(Caller caller, String id) {
        ModelName name = ModelName.parse(id);
        try {
            String repository = name.adapter().orElse(name.repository());
            source.commit(caller, repository, name.revision().orElse(ModelSource.MAIN));
            return new ModelObject(id, 0, "orrery");
        } catch (HubException e) {
            throw Problems.loading(id, e);
        }
    }

    /** Models on the device and on their way there. */
    public List<ResidentModel> resident() {
        return residency.all().stream()
                .map(resident -> new ResidentModel(
                        resident.repository,
                        resident.commit,
                        resident.isReady() ? "ready" : "loading",
                        residency.adapters(resident).stream()
                                .map(adapter -> adapter.repository)
                                .distinct()
                                .toList(),
                        resident.bytes()))
                .toList();
    }

    /** Bytes that models may take. */
    public long memoryTotal() {
        return memory;
    }

    /** Bytes that they take. */
    public long memoryUsed() {
        return residency.usedBytes();
    }

    /** Sequences being generated. */
    public int running() {
        return sum(ServedModel::running);
    }

    /** Sequences that wait for their turn. */
    public int waiting() {
        return sum(ServedModel::waiting);
    }

    /** Part of its cache that the fullest model's sequences hold, 0 to 1. */
    public double cacheUse() {
        return served().mapToDouble(ServedModel::cacheUse).max().orElse(0);
    }

    private int sum(ToIntFunction<ServedModel> count) {
        return served().mapToInt(count).sum();
    }

    private Stream<ServedModel> served() {
        return residency.all().stream()
                .filter(Resident::isReady)
                .map(resident -> resident.loaded.join())
                .map(Loaded::served);
    }
}
