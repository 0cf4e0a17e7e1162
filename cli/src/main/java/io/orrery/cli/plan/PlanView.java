package io.orrery.cli.plan;

import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Table;
import io.orrery.engine.model.Weights;
import io.orrery.engine.plan.Footprint;
import io.orrery.engine.plan.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A plan as lines for a person, or as one JSON object. */
record PlanView(Plan plan, boolean hasDevice) {
    private static final double TERA = 1e12;

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        PlannedModel model = plan.model();
        long parameters = Weights.parameters(model.spec());
        lines.add(model.name() + ": " + model.spec().family() + " of " + Quantity.count(parameters) + " parameters ("
                + parameters + "), made for " + model.contextLength() + " tokens"
                + model.stored()
                        .map(format -> ", quantised as " + format.name())
                        .orElse(""));
        lines.add("");
        Plan.Answer answer = plan.shownAnswer();
        lines.add("Answering, " + answer.inference().sequences() + " x "
                + answer.inference().context() + " tokens, weights in "
                + answer.inference().weights().name());
        parts(lines, answer.footprint(), Optional.empty());
        lines.add("");
        Plan.Training training = plan.shownTraining();
        lines.add("Training, " + training.tuning().sequences() + " x "
                + training.tuning().context() + " tokens, "
                + Verdict.name(training.tuning().method()) + ": "
                + training.tuning().trainable(model.spec()) + " parameters, "
                + String.format(Locale.ROOT, "%.1f TFLOP a sequence", sequenceFlops(training) / TERA));
        parts(lines, training.footprint(), Optional.of(training.hostBytes()).filter(bytes -> bytes > 0));
        lines.add("");
        lines.addAll(choices().lines());
        if (hasDevice) {
            lines.add("");
            lines.add("On " + plan.gpu().name() + " ("
                    + Quantity.binary(plan.gpu().bytes()) + "): " + Verdict.of(plan));
        }
        return lines;
    }

    private double sequenceFlops(Plan.Training training) {
        return training.tuning().flopsPerToken(plan.model().spec())
                * training.tuning().context();
    }

    private void parts(List<String> lines, Footprint footprint, Optional<Long> hostBytes) {
        footprint.parts().forEach(part -> lines.add(line(part.name(), part.bytes())));
        lines.add(line("together", footprint.bytes())
                + (hasDevice ? "  of " + Quantity.binary(plan.gpu().bytes()) : ""));
        hostBytes.ifPresent(bytes -> lines.add(line("in the host's memory", bytes)));
    }

    private static String line(String name, long bytes) {
        return String.format(Locale.ROOT, "  %-24s %12s", name, Quantity.binary(bytes));
    }

    private Table choices() {
        Table table = hasDevice ? new Table("WAY", "TAKES", "FITS", "LONGEST CONTEXT") : new Table("WAY", "TAKES");
        for (Plan.Answer answer : plan.answers()) {
            row(
                    table,
                    "answer in " + answer.inference().weights().name(),
                    answer.footprint(),
                    answer.fits(),
                    answer.longest() + "");
        }
        for (Plan.Training training : plan.trainings()) {
            String longest =
                    training.longest() + "; " + training.longestOffloaded() + " with inputs in the host's memory";
            row(table, Verdict.name(training.tuning().method()), training.footprint(), training.fits(), longest);
        }
        return table;
    }

    private void row(Table table, String way, Footprint footprint, boolean fits, String longest) {
        String takes = Quantity.binary(footprint.bytes());
        if (hasDevice) {
            table.row(way, takes, fits ? "yes" : "no", longest);
        } else {
            table.row(way, takes);
        }
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        PlannedModel model = plan.model();
        json.put("model", model.name());
        json.put("family", model.spec().family());
        json.put("parameters", Weights.parameters(model.spec()));
        json.put("context_length", model.contextLength());
        model.stored().ifPresent(format -> json.put("quantization", format.name()));
        if (hasDevice) {
            json.put(
                    "device",
                    Map.of("name", plan.gpu().name(), "bytes", plan.gpu().bytes()));
            json.put("verdict", Verdict.of(plan));
        }
        json.put("answering", plan.answers().stream().map(this::answering).toList());
        json.put("training", plan.trainings().stream().map(this::training).toList());
        return json;
    }

    private Map<String, Object> answering(Plan.Answer answer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", answer.inference().weights().name());
        json.put("context", answer.inference().context());
        json.put("batch", answer.inference().sequences());
        footprint(json, answer.footprint());
        if (hasDevice) {
            json.put("fits", answer.fits());
            json.put("longest_context", answer.longest());
        }
        return json;
    }

    private Map<String, Object> training(Plan.Training training) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", training.tuning().method().name());
        json.put("trainable", training.tuning().trainable(plan.model().spec()));
        json.put("context", training.tuning().context());
        json.put("batch", training.tuning().sequences());
        json.put("activations", training.tuning().thrift().activations().name().toLowerCase(Locale.ROOT));
        footprint(json, training.footprint());
        json.put("host_bytes", training.hostBytes());
        json.put("flops_per_token", training.tuning().flopsPerToken(plan.model().spec()));
        if (hasDevice) {
            json.put("fits", training.fits());
            json.put("longest_context", training.longest());
            json.put("longest_context_offloaded", training.longestOffloaded());
        }
        return json;
    }

    private static void footprint(Map<String, Object> json, Footprint footprint) {
        Map<String, Long> parts = new LinkedHashMap<>();
        for (Part part : footprint.parts()) {
            parts.put(part.name(), part.bytes());
        }
        json.put("parts", parts);
        json.put("bytes", footprint.bytes());
    }
}
