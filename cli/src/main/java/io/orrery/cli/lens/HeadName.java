package io.orrery.cli.lens;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.CausalLm;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A head of attention, both numbers counted from 0. */
public record HeadName(int layer, int head) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})\\s*,\\s*(\\d{1,5})");

    /** @throws IllegalArgumentException where the text is not LAYER,HEAD */
    public static HeadName parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no head; it is written LAYER,HEAD, both counted from 0, as 3,0");
        }
        return new HeadName(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    void requireIn(CausalLm model) {
        int layers = model.text().layers().size();
        if (layer >= layers) {
            throw new IllegalArgumentException("there is no layer " + layer + "; the model has 0 to " + (layers - 1));
        }
        int heads = model.text()
                .layers()
                .get(layer)
                .attention()
                .mapToInt((Attention attention) -> attention.heads().query())
                .findFirst()
                .orElse(0);
        if (head >= heads) {
            throw new IllegalArgumentException(
                    "there is no head " + head + " in layer " + layer + "; it has 0 to " + (heads - 1));
        }
    }
}
