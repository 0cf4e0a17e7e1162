package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.hub.JsonFile;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.LoraAdaptation;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.Merged;
import io.orrery.engine.model.ModelException;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** PEFT adapters over one base: logits with each, with two at once, and of a batch whose rows have one each. */
final class AdapterCase {
    private static final Pattern BOTH = Pattern.compile("adapters (\\S+) and (\\S+) active");

    private final GoldenCase golden;
    private final Checks checks;
    private final Device device;
    private final Map<String, LoraAdapter> adapters = new LinkedHashMap<>();

    AdapterCase(GoldenCase golden, Checks checks, Device device) {
        this.golden = golden;
        this.checks = checks;
        this.device = device;
    }

    void check() {
        try {
            Families.fromConfig(JsonFile.object(golden.folder().resolve("base/config.json")));
        } catch (ModelException unknown) {
            checks.skipRest(String.valueOf(unknown.getMessage()));
            return;
        }
        try (ModelFiles base = ModelFiles.open(golden.folder().resolve("base"));
                Ops ops = device.open()) {
            Network network = Network.frozen(base.spec(), base.weights(), ops);
            logits("base", network, Adaptation.NONE);
            golden.peek("/adapters").propertyNames().forEach(name -> adapter(name, base, network));
            both(network);
            mixedBatch(network);
        }
    }

    /** Two adapters at once: those that the case names, or the first two. */
    private void both(Network network) {
        Matcher named =
                BOTH.matcher(golden.peek("/tensors/both.seq.0.logits/meaning").asString(""));
        List<String> names = named.find()
                ? List.of(named.group(1), named.group(2))
                : golden.peek("/adapters").propertyNames().stream().limit(2).toList();
        LoraAdapter[] two =
                names.stream().map(adapters::get).filter(Objects::nonNull).toArray(LoraAdapter[]::new);
        if (two.length == 2) {
            logits("both", network, LoraAdaptation.all(two));
        }
    }

    /** @return the greatest logit, by its size, that a sequence has more than the base's */
    private double logits(String name, Network network, Adaptation adaptation) {
        double most = 0;
        for (int i = 0; golden.has("seq." + i + ".input_ids"); i++) {
            String tensor = name + ".seq." + i + ".logits";
            if (golden.has(tensor)) {
                int[] ids = golden.integers("seq." + i + ".input_ids");
                float[] got = new Forward(network, adaptation).whole(ids).logits();
                checks.tensor(tensor, got);
                most = Math.max(most, distance(got, golden.numbers("base.seq." + i + ".logits")));
            }
        }
        return most;
    }

    private static double distance(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    private void adapter(String name, ModelFiles base, Network network) {
        String pointer = "/adapters/" + GoldenCase.escaped(name);
        golden.value(pointer + "/config");
        Optional<String> refused = load(name, network);
        refused.ifPresent(why -> {
            checks.skipTensors(tensor -> tensor.startsWith(name + "."), why);
            checks.skipValue(pointer + "/changed_parameters", why);
            checks.skipValue(pointer + "/effect_max", why);
        });
        LoraAdapter adapter = adapters.get(name);
        if (adapter == null) {
            return;
        }
        double effect = logits(name, network, LoraAdaptation.all(adapter));
        // written with three decimals, of logits that are good to 1e-4
        checks.number(pointer + "/effect_max", effect, new Comparison(1e-3, 0));
        golden.tensor(name + ".merged_max_diff");
        merged(name, base);
    }

    /** The weights of the merged model, and what it computes with them. */
    private void merged(String name, ModelFiles base) {
        try (PeftAdapter adapter = PeftAdapter.open(golden.folder().resolve(name));
                Ops ops = device.open()) {
            Merged merged = Merged.of(base.spec(), base.weights(), adapter.tensors(), Optional.of(DType.F32));
            WeightNames names = WeightNames.of(merged.spec());
            merged.weights().forEach((ours, tensor) -> {
                String want = name + ".merged." + names.huggingFace(ours);
                if (golden.has(want)) {
                    checks.tensor(want, tensor.decode());
                }
            });
            Forward forward = new Forward(Network.frozen(merged.spec(), merged.weights(), ops), Adaptation.NONE);
            for (int i = 0; golden.has(name + ".seq." + i + ".logits"); i++) {
                String want = name + ".seq." + i + ".logits";
                int[] ids = golden.integers("seq." + i + ".input_ids");
                checks.tensor(want + " when merged", want, forward.whole(ids).logits());
            }
        }
    }

    /** Why the engine cannot use an adapter; it refuses what it does not know with a sentence. */
    private Optional<String> load(String name, Network network) {
        String pointer = "/adapters/" + GoldenCase.escaped(name);
        try (PeftAdapter adapter = PeftAdapter.open(golden.folder().resolve(name))) {
            adapters.put(name, LoraAdapter.load(adapter, network));
            List<String> changed = new ArrayList<>();
            adapter.pairs().keySet().forEach(module -> changed.add(module + ".weight"));
            adapter.tensors().embeddings().keySet().forEach(module -> changed.add(module + ".weight"));
            changed.addAll(adapter.tensors().replaced().keySet());
            List<String> want = golden.value(pointer + "/changed_parameters")
                    .valueStream()
                    .map(each -> each.asString(""))
                    .sorted()
                    .toList();
            checks.equal(
                    "adapters." + name + ".changed_parameters",
                    changed.stream().sorted().toList(),
                    want);
            return Optional.empty();
        } catch (CheckpointException | ModelException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    /** Every row must be what it is alone with its adapter. */
    private void mixedBatch(Network network) {
        JsonNode rows = golden.value("/mixed_batch").path("rows");
        List<int[]> sequences = new ArrayList<>();
        List<LoraAdaptation.Range> ranges = new ArrayList<>();
        int from = 0;
        for (JsonNode row : rows) {
            int[] ids = golden.integers("seq." + row.path("sequence").asInt(0) + ".input_ids");
            if (row.path("adapter").isString()) {
                LoraAdapter adapter = adapters.get(row.path("adapter").stringValue());
                if (adapter == null) {
                    checks.skipValue("/mixed_batch", "the adapter " + row.path("adapter") + " cannot be used yet");
                    return;
                }
                ranges.add(new LoraAdaptation.Range(adapter, from, from + ids.length));
            }
            sequences.add(ids);
            from += ids.length;
        }
        float[][] logits =
                new Forward(network, LoraAdaptation.of(ranges)).besideEachOther(sequences.toArray(int[][]::new));
        for (int i = 0; i < logits.length; i++) {
            JsonNode row = rows.get(i);
            String name = row.path("adapter").asString("base") + ".seq."
                    + row.path("sequence").asInt(0) + ".logits";
            checks.tensor("mixed_batch.rows." + i, name, logits[i]);
        }
    }
}
