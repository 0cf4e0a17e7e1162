package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.hub.JsonFile;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelException;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Ops;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A repository of a language model: its tokenizer and chat template, and what it computes in every way it can be run. */
final class LanguageModelCase {
    private final GoldenCase golden;
    private final Checks checks;
    private final Device device;

    LanguageModelCase(GoldenCase golden, Checks checks, Device device) {
        this.golden = golden;
        this.checks = checks;
        this.device = device;
    }

    void check() {
        golden.value("/lengths");
        golden.value("/attention_layer");
        golden.value("/epsilon_sensitive");
        new TokenizerChecks(golden, checks).check();
        Optional<String> unknown = unknownFamily();
        if (unknown.isPresent()) {
            checks.skipRest(unknown.get());
            return;
        }
        try (ModelFiles files = ModelFiles.open(golden.folder());
                Ops ops = device.open()) {
            Network network = Network.frozen(files.spec(), files.weights(), ops);
            sequences(new Forward(network, Adaptation.NONE));
            inside(network);
            greedy(new Forward(network, Adaptation.NONE));
        }
    }

    /** Why the engine has no such family; anything else that is wrong with the model is a failure. */
    private Optional<String> unknownFamily() {
        try {
            Families.fromConfig(JsonFile.object(golden.folder().resolve("config.json")));
            return Optional.empty();
        } catch (ModelException unknown) {
            return Optional.of(String.valueOf(unknown.getMessage()));
        }
    }

    private void sequences(Forward forward) {
        for (int i = 0; golden.has("seq." + i + ".input_ids"); i++) {
            String name = "seq." + i + ".";
            int[] ids = golden.integers(name + "input_ids");
            Forward.Result whole = forward.whole(ids);
            checks.tensor(name + "logits", whole.logits());
            checks.tensor(name + "last_hidden", whole.hidden());
            if (golden.has(name + "logprobs")) {
                checks.tensor(name + "logprobs", Logits.logProbabilities(whole.logits(), ids));
            }
            if (golden.peek("/logits_std/" + i).isNumber()) {
                // written with three decimals
                checks.number("/logits_std/" + i, Logits.standardDeviation(whole.logits()), new Comparison(6e-4, 0));
            }
            checks.tensor(name + "logits in chunks", name + "logits", forward.inChunks(ids, 7));
        }
        besideEachOther(forward);
    }

    /** All sequences in one batch must give what each gives alone. */
    private void besideEachOther(Forward forward) {
        int count = 0;
        while (golden.has("seq." + count + ".input_ids")) {
            count++;
        }
        int[][] all = new int[count][];
        Arrays.setAll(all, i -> golden.integers("seq." + i + ".input_ids"));
        float[][] logits = forward.besideEachOther(all);
        for (int i = 0; i < count; i++) {
            checks.tensor("seq." + i + ".logits in a batch", "seq." + i + ".logits", logits[i]);
        }
    }

    /** The residual stream and attention probabilities of the last sequence. */
    private void inside(Network network) {
        int last = 0;
        while (golden.has("seq." + (last + 1) + ".input_ids")) {
            last++;
        }
        Eyes eyes = new Eyes(network.ops(), golden);
        new Forward(network.observed(eyes), Adaptation.NONE).whole(golden.integers("seq." + last + ".input_ids"));
        eyes.seen().forEach(checks::tensor);
    }

    private void greedy(Forward forward) {
        if (!golden.has("greedy.prompt")) {
            return;
        }
        int[] want = golden.integers("greedy.ids");
        Forward.Greedy greedy = forward.greedy(golden.integers("greedy.prompt"), want.length);
        checks.integers("greedy.ids", greedy.ids());
        checks.tensor("greedy.logits", greedy.logits());
        if (golden.peek("/greedy_min_margin").isNumber()) {
            // written with four decimals, of logits that are good to 1e-4
            checks.number(
                    "/greedy_min_margin", Logits.leastMargin(greedy.logits(), want.length), new Comparison(3e-4, 0));
        }
        if (golden.peek("/greedy_distinct").isNumber()) {
            Set<Integer> distinct = new HashSet<>();
            Arrays.stream(greedy.ids()).forEach(distinct::add);
            checks.equal("/greedy_distinct", distinct.size());
        }
    }
}
