package io.orrery.engine.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The steps of a run from its newest checkpoint to the end, with validation and checkpoints where they are due. */
final class TrainingRun {
    private static final int CHECKPOINTS_OF_A_RUN = 10;

    /** Steps that a death may cost at most. */
    private static final int MOST_STEPS_LOST = 500;

    private final Trainer trainer;
    private final List<Example> validationSet;
    private final TrainListener listener;
    private final Checkpoints checkpoints;
    private final int checkpointSteps;
    private final int evaluationSteps;
    private final List<Map<String, Object>> metrics = new ArrayList<>();
    private StepMetrics.Validation validation = StepMetrics.Validation.NONE;
    private int saved;

    TrainingRun(Trainer trainer, List<Example> validationSet, FineTune.Job job, TrainListener listener) {
        Hyperparameters.Milestones milestones = job.hyperparameters().milestones();
        this.trainer = trainer;
        this.validationSet = validationSet;
        this.listener = listener;
        this.checkpoints = new Checkpoints(job.work().resolve("checkpoints"), milestones.checkpointsKept());
        this.checkpointSteps = milestones.checkpointSteps() > 0
                ? milestones.checkpointSteps()
                : Math.min(MOST_STEPS_LOST, Math.ceilDiv(trainer.totalSteps(), CHECKPOINTS_OF_A_RUN));
        this.evaluationSteps =
                milestones.evaluationSteps() > 0 ? milestones.evaluationSteps() : trainer.stepsPerEpoch();
    }

    /** Gives the metrics of all steps, those before a resumption among them. */
    List<Map<String, Object>> toEnd() {
        metrics.addAll(checkpoints.resume(trainer, listener::stage));
        saved = trainer.step();
        listener.stage("training steps " + (saved + 1) + " to " + trainer.totalSteps());
        while (!trainer.isFinished()) {
            StepMetrics step = step();
            validation = evaluation(step.step());
            StepMetrics measured = step.with(validation);
            metrics.add(measured.toJson());
            listener.step(measured);
            if (step.step() % checkpointSteps == 0 || trainer.isFinished()) {
                save();
            }
        }
        return metrics;
    }

    /** A step; where it is cancelled, what was done before is kept first. */
    private StepMetrics step() {
        try {
            return trainer.next(listener::isCancelled);
        } catch (TrainingCancelledException e) {
            if (trainer.step() > saved) {
                save();
            }
            throw e;
        }
    }

    private StepMetrics.Validation evaluation(int step) {
        boolean due = !validationSet.isEmpty() && (step % evaluationSteps == 0 || trainer.isFinished());
        return due ? trainer.evaluate(validationSet) : StepMetrics.Validation.NONE;
    }

    private void save() {
        listener.checkpoint(trainer.step(), checkpoints.save(trainer, metrics));
        saved = trainer.step();
    }

    /** At the end of the run; measured anew where a checkpoint of the end was gone on from. */
    StepMetrics.Validation validation() {
        return validation.loss().isPresent() ? validation : trainer.evaluate(validationSet);
    }
}
