package io.orrery.engine.train;

import io.orrery.engine.checkpoint.AtomicFolder;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.AdamWStep;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.ops.Workspace;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Trains a network step by step: passes of packed examples, gradients summed over a step and divided by its trained tokens,
 * clipped by their global norm, AdamW. What a step does depends on the state before it, the data and the hyperparameters
 * alone, so that a run goes on from a checkpoint bit for bit. Confined to the thread that owns the network's device.
 */
public final class Trainer implements AutoCloseable {
    private final Network network;
    private final Ops ops;
    private final Hyperparameters hyperparameters;
    private final Trainable trainable;
    private final Parameters parameters;
    private final ExampleOrder order;
    private final Schedule schedule;
    private final int passTokens;
    private int done;

    private Trainer(Network network, Hyperparameters hyperparameters, List<Example> examples, Trainable trainable) {
        this.network = network;
        this.ops = network.ops();
        this.hyperparameters = hyperparameters;
        this.trainable = trainable;
        this.order = new ExampleOrder(examples, hyperparameters.passes());
        this.schedule = hyperparameters.decay().over(order.totalSteps());
        this.passTokens = Pack.mostTokens(network.spec());
        this.parameters = new Parameters(ops, trainable.weights(), trainable::decays);
    }

    /**
     * Trains what the hyperparameters say: all weights of a {@link Network#trainable} network, or a new adapter beside a
     * {@link Network#frozen} one.
     *
     * @throws TrainingException where no example has a token to learn
     */
    public static Trainer of(Network network, Hyperparameters hyperparameters, List<Example> examples) {
        long seed = hyperparameters.passes().seed();
        Trainable trainable = switch (hyperparameters.method()) {
            case Hyperparameters.Full _ -> new Trainable.Everything(network.weights());
            case Hyperparameters.Lora lora ->
                new Trainable.Adapter(FreshAdapter.of(network.spec(), lora, seed, network.ops()), lora.dropout(), seed);
        };
        return new Trainer(network, hyperparameters, examples, trainable);
    }

    /**
     * Trains an adapter on, whose rank and scale are its own; {@link #close} frees it.
     *
     * @param hyperparameters for LoRA, of whose method only the dropout counts
     */
    public static Trainer of(
            Network network, LoraAdapter adapter, Hyperparameters hyperparameters, List<Example> examples) {
        if (!(hyperparameters.method() instanceof Hyperparameters.Lora lora)) {
            throw new IllegalArgumentException("an adapter is trained by LoRA, not with " + hyperparameters.method());
        }
        long seed = hyperparameters.passes().seed();
        return new Trainer(network, hyperparameters, examples, new Trainable.Adapter(adapter, lora.dropout(), seed));
    }

    /** Steps of the whole run. */
    public int totalSteps() {
        return order.totalSteps();
    }

    public int stepsPerEpoch() {
        return order.stepsPerEpoch();
    }

    /** Steps that are done. */
    public int step() {
        return done;
    }

    public boolean isFinished() {
        return done >= totalSteps();
    }

    /** One optimiser step that cannot be cancelled. */
    public StepMetrics next() {
        return next(() -> false);
    }

    /**
     * One optimiser step.
     *
     * @param cancelled asked before every pass; a step that is cancelled changes nothing
     * @throws TrainingCancelledException where it was
     * @throws TrainingException where the loss or the gradients are no numbers any more
     */
    public StepMetrics next(BooleanSupplier cancelled) {
        if (isFinished()) {
            throw new IllegalStateException("all " + totalSteps() + " steps are done");
        }
        long start = System.nanoTime();
        List<Pack> packs = Pack.split(order.step(done), hyperparameters.passes().batchSize(), passTokens);
        int trained = packs.stream().mapToInt(Pack::trainedTokens).sum();
        int tokens = packs.stream().mapToInt(pack -> pack.tokens().length).sum();
        parameters.zeroGradients();
        double loss = 0;
        for (int i = 0; i < packs.size(); i++) {
            if (cancelled.getAsBoolean()) {
                throw new TrainingCancelledException(done);
            }
            trainable.begin(done, i);
            loss += pass(packs.get(i), 1f / trained);
        }
        double norm = parameters.gradientNorm();
        double rate = update(loss / trained, norm);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new StepMetrics(
                done,
                totalSteps(),
                (double) done / stepsPerEpoch(),
                loss / trained,
                norm,
                rate,
                tokens,
                trained,
                tokens / seconds,
                StepMetrics.Validation.NONE);
    }

    /** Forward and backward; gives the sum of the losses. */
    private double pass(Pack pack, float scale) {
        Workspace workspace = ops.workspace();
        long mark = workspace.mark();
        Tape tape = Tape.recording(workspace, parameters.gradients());
        Tensor hidden = network.hidden(pack.tokens(), pack.batch(), Optional.empty(), trainable.adaptation(), tape);
        double loss = new ChunkedLoss(network, trainable.adaptation())
                .train(hidden, tape.gradient(hidden), pack.targets(), parameters.gradients(), scale);
        tape.backward();
        workspace.release(mark);
        return loss;
    }

    /** Gives the learning rate. */
    private double update(double loss, double norm) {
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new TrainingException(
                    TrainingException.Cause.RUN,
                    "at step " + (done + 1) + " the loss is " + loss + " and the norm of the gradients " + norm
                            + "; a lower learning_rate or a longer warm-up keeps them finite");
        }
        Hyperparameters.Optimizer optimizer = hyperparameters.optimizer();
        double rate = optimizer.learningRate() * schedule.factor(done);
        double most = optimizer.maxGradientNorm();
        // as torch.nn.utils.clip_grad_norm_ does
        double clip = most > 0 ? Math.min(1, most / (norm + 1e-6)) : 1;
        done++;
        parameters.update(new AdamWStep(
                done, rate, optimizer.beta1(), optimizer.beta2(), optimizer.epsilon(), optimizer.weightDecay(), clip));
        return rate;
    }

    /** Mean loss and token accuracy of other examples, under the weights as they are now; none where nothing is labelled. */
    public StepMetrics.Validation evaluate(List<Example> examples) {
        return new Evaluation(network, trainable.adaptation(), passTokens).of(examples);
    }

    /** The weights in training, on the device: the model's by our names, or an adapter's {@code projection.lora_a} and {@code .lora_b}. */
    public Map<String, Tensor> weights() {
        return trainable.weights();
    }

    /** Adds to the network's projections what is trained beside it; nothing where the network itself is. */
    public Adaptation adaptation() {
        return trainable.adaptation();
    }

    /** All that the next step depends on, on the device: weights, and their moments as {@code m.NAME} and {@code v.NAME}. */
    public Map<String, Tensor> state() {
        return parameters.state();
    }

    /** What has to be the same for a run to go on from another's state: data, method, passes, optimiser and decay. */
    Map<String, String> identity() {
        return Map.of(
                "data_sha256", order.digest(),
                "method", hyperparameters.method().toString(),
                "passes", hyperparameters.passes().toString(),
                "optimizer", hyperparameters.optimizer().toString(),
                "decay", hyperparameters.decay().toString());
    }

    /** Keeps the whole state in a folder, which is written whole or not at all. */
    public void save(Path folder) {
        save(folder, List.of());
    }

    void save(Path folder, List<Map<String, Object>> metrics) {
        AtomicFolder.write(folder, part -> SavedState.write(part, this, metrics, ops));
    }

    /**
     * Goes on from a state that {@link #save} kept.
     *
     * @throws io.orrery.engine.checkpoint.CheckpointException where it is not whole; the trainer is as it was then
     * @throws TrainingException where it is of another run
     */
    public void restore(Path folder) {
        restore(folder, SavedState.read(folder));
    }

    void restore(Path folder, SavedState saved) {
        identity().forEach((part, value) -> {
            String found = saved.run().getOrDefault(part, "nothing");
            if (!found.equals(value)) {
                throw new TrainingException(
                        TrainingException.Cause.RUN,
                        folder + " is of another run: its " + part + " is " + found + " and this run's is " + value);
            }
        });
        saved.load(folder, parameters.state(), ops);
        done = saved.step();
    }

    Ops ops() {
        return ops;
    }

    Trainable trainable() {
        return trainable;
    }

    /** Gradients of the last step, by weight. */
    public Map<Tensor, Tensor> gradients() {
        return parameters.gradients();
    }

    /** Gives back gradients, moments and a new adapter; the network stays the caller's. */
    @Override
    public void close() {
        parameters.close();
        trainable.close();
    }
}
