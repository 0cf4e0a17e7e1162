package io.orrery.cli.plan;

import io.orrery.cli.terminal.Quantity;
import io.orrery.engine.plan.Method;
import io.orrery.engine.plan.Thrift.Activations;

/** The answers to both questions, in sentences. */
final class Verdict {
    private Verdict() {}

    static String of(Plan plan) {
        return answering(plan) + " " + training(plan);
    }

    private static String answering(Plan plan) {
        Plan.Answer shown = plan.shownAnswer();
        String tokens = tokens(shown.inference().context(), shown.inference().sequences());
        if (!shown.fits()) {
            return shown.longest() == 0
                    ? "Answering does not fit: " + shown.inference().weights().name()
                            + " alone takes more than there is."
                    : "Answering " + tokens + " does not fit; in "
                            + shown.inference().weights().name() + " up to " + shown.longest() + " tokens do.";
        }
        return "Answering " + tokens + " fits in " + shown.inference().weights().name()
                + spare(plan, shown.footprint().bytes()) + ", and up to " + shown.longest() + " tokens"
                + beyond(plan, shown.longest()) + ".";
    }

    private static String training(Plan plan) {
        Plan.Training shown = plan.shownTraining();
        String tokens = tokens(shown.tuning().context(), shown.tuning().sequences());
        String method = name(shown.tuning().method());
        if (!shown.fits()) {
            return shown.longestOffloaded() == 0
                    ? "Training does not fit, not even by " + method + "."
                    : "Training on " + tokens + " does not fit; by " + method + " up to " + shown.longestOffloaded()
                            + " do, with the inputs of the layers in the host's memory.";
        }
        boolean isOffloaded = shown.tuning().thrift().activations() == Activations.OFFLOADED;
        return "Training on " + tokens + " fits by " + method
                + spare(plan, shown.footprint().bytes())
                + (isOffloaded
                        ? ", with " + Quantity.binary(shown.hostBytes()) + " of inputs in the host's memory, and up to "
                                + shown.longestOffloaded() + " tokens"
                        : ", and up to " + shown.longest() + " tokens, or " + shown.longestOffloaded()
                                + " with the inputs of the layers in the host's memory")
                + ".";
    }

    static String name(Method method) {
        return switch (method) {
            case Method.Full _ -> "training all weights";
            case Method.Lora lora ->
                (lora.name().equals("qlora") ? "QLoRA" : "LoRA") + " of rank " + lora.rank() + " beside "
                        + lora.base().name();
        };
    }

    private static String tokens(int context, int sequences) {
        return (sequences == 1 ? "" : sequences + " x ") + context + " tokens";
    }

    private static String spare(Plan plan, long bytes) {
        return " with " + Quantity.binary(plan.gpu().bytes() - bytes) + " to spare"
                + (bytes > plan.gpu().bytes() / 10 * 9 ? ", which is tight" : "");
    }

    private static String beyond(Plan plan, int longest) {
        int made = plan.model().contextLength();
        return longest > made ? " (it was made for " + made + ")" : "";
    }
}
