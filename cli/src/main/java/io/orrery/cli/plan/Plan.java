package io.orrery.cli.plan;

import io.orrery.engine.plan.Fit;
import io.orrery.engine.plan.Footprint;
import io.orrery.engine.plan.Gpu;
import io.orrery.engine.plan.Inference;
import io.orrery.engine.plan.Method;
import io.orrery.engine.plan.Thrift;
import io.orrery.engine.plan.Thrift.Activations;
import io.orrery.engine.plan.Tuning;
import io.orrery.engine.plan.WeightFormat;
import java.util.List;
import java.util.Optional;

/**
 * What of a model fits a device, worked out.
 *
 * @param answers one for each format that the weights may have, the finest first
 * @param trainings one for each method, the boldest first, in the first of its ways that fits
 */
record Plan(PlannedModel model, Gpu gpu, List<Answer> answers, List<Training> trainings) {
    /** @param longest tokens that fit at most, 0 for none */
    record Answer(Inference inference, Footprint footprint, boolean fits, int longest) {}

    /**
     * @param footprint on the device
     * @param hostBytes besides, of the host's memory
     * @param longest tokens that fit at most, 0 for none
     * @param longestOffloaded and with the inputs of the layers in the host's memory
     */
    record Training(
            Tuning tuning, Footprint footprint, long hostBytes, boolean fits, int longest, int longestOffloaded) {}

    static Plan of(PlannedModel model, Sizing sizing, Gpu gpu) {
        Fit fit = model.fit(sizing.format(), gpu);
        int context = sizing.context(model);
        List<Answer> answers = fit.formats().stream()
                .map(format -> answer(fit, format, context, sizing.batch()))
                .toList();
        List<Training> trainings = sizing.methods(model, fit.methods(sizing.rank())).stream()
                .map(method -> training(fit, method, context, sizing.batch()))
                .toList();
        return new Plan(model, gpu, answers, trainings);
    }

    private static Answer answer(Fit fit, WeightFormat format, int context, int batch) {
        Inference inference = new Inference(format, context, batch);
        Footprint footprint = inference.footprint(fit.model());
        return new Answer(inference, footprint, fit.gpu().holds(footprint), fit.longest(format, batch));
    }

    private static Training training(Fit fit, Method method, int context, int batch) {
        Tuning here = new Tuning(method, context, batch, Thrift.DEFAULT);
        if (here.trainable(fit.model()) == 0) {
            throw new IllegalArgumentException(
                    "the model has none of the projections of --targets; as q_proj, they are the last names in its files");
        }
        Tuning offloaded = here.with(Activations.OFFLOADED);
        boolean isBetterThere =
                !fit.gpu().holds(here.footprint(fit.model())) && fit.gpu().holds(offloaded.footprint(fit.model()));
        Tuning chosen = isBetterThere ? offloaded : here;
        Footprint footprint = chosen.footprint(fit.model());
        return new Training(
                chosen,
                footprint,
                chosen.hostBytes(fit.model()),
                fit.gpu().holds(footprint),
                fit.longest(here),
                fit.longest(offloaded));
    }

    /** The finest that fits. */
    Optional<Answer> answer() {
        return answers.stream().filter(Answer::fits).findFirst();
    }

    /** The boldest that fits. */
    Optional<Training> training() {
        return trainings.stream().filter(Training::fits).findFirst();
    }

    /** To be shown part by part: what fits, or else what takes the least. */
    Answer shownAnswer() {
        return answer().orElse(answers.getLast());
    }

    Training shownTraining() {
        return training().orElse(trainings.getLast());
    }
}
