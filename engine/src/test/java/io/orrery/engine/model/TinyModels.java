package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models of a few thousand parameters: one of each family, with what makes it different switched on. */
public enum TinyModels {
    LLAMA("'model_type':'llama','num_key_value_heads':2,'attention_bias':true,'mlp_bias':true,'rope_scaling':"
            + "{'rope_type':'llama3','factor':8,'low_freq_factor':1,'high_freq_factor':4,"
            + "'original_max_position_embeddings':16}"),
    LLAMA_TIED("'model_type':'llama','tie_word_embeddings':true,'rope_scaling':{'rope_type':'linear','factor':2}"),
    MISTRAL("'model_type':'mistral','num_key_value_heads':2,'sliding_window':3"),
    QWEN2(
            "'model_type':'qwen2','num_key_value_heads':1,'use_sliding_window':true,'sliding_window':4,'max_window_layers':1"),
    QWEN3("'model_type':'qwen3','num_key_value_heads':2,'head_dim':6,'tie_word_embeddings':true"),
    GEMMA("'model_type':'gemma','num_key_value_heads':2,'head_dim':6,'hidden_act':'gelu'"),
    STARCODER2("'model_type':'starcoder2','num_key_value_heads':2,'sliding_window':3"),
    PHI3("'model_type':'phi3','num_key_value_heads':2,'partial_rotary_factor':0.5,'sliding_window':4"),
    PHI3_LONG("'model_type':'phi3','original_max_position_embeddings':4,'max_position_embeddings':77,'rope_scaling':"
            + "{'type':'longrope','short_factor':FACTORS,'long_factor':LONGER}"),
    // not its own ReLU, whose corners no difference of losses meets as a slope
    OPT("'model_type':'opt','max_position_embeddings':77,'activation_function':'gelu_new'");

    static final int VOCAB = 13;

    private static final String NARROW =
            ",'vocab_size':13,'hidden_size':16,'intermediate_size':24,'ffn_dim':24,'num_hidden_layers':2,"
                    + "'num_attention_heads':4}";

    private static final String WIDE =
            ",'vocab_size':201,'hidden_size':96,'intermediate_size':168,'ffn_dim':168,'num_hidden_layers':3,"
                    + "'num_attention_heads':4}";

    private final String config;

    TinyModels(String config) {
        this.config = config;
    }

    public CausalLm spec() {
        return spec("{" + factors(2) + NARROW);
    }

    /** The configuration with a factor for each of so many frequencies. */
    private String factors(int frequencies) {
        return config.replace("FACTORS", Collections.nCopies(frequencies, 1.5).toString())
                .replace("LONGER", Collections.nCopies(frequencies, 4.0).toString());
    }

    /** @param more keys, with single quotes for double ones; empty for none */
    public JsonNode config(String more) {
        return json("{" + (more.isEmpty() ? "" : more + ",") + factors(2) + NARROW);
    }

    /** Of sizes that fill vectors and leave a rest. */
    public CausalLm wide() {
        return spec("{" + factors(12) + WIDE);
    }

    /** @param json with single quotes for double ones */
    static CausalLm spec(String json) {
        return Families.fromConfig(json(json));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    public Map<String, Tensor> weights() {
        return weights(spec());
    }

    /** Every tensor away from what it would be initialised to: norms about 1, the rest N(0, 0.3). */
    public static Map<String, Tensor> weights(CausalLm spec) {
        Random random = new Random(7);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (WeightSpec weight : Weights.of(spec)) {
            boolean norm = weight.name().endsWith("norm.weight");
            weights.put(weight.name(), gaussian(random, weight.shape(), norm ? 1 : 0));
        }
        return weights;
    }

    /** The same with matrices in BF16. */
    static Map<String, Tensor> rounded(Map<String, Tensor> weights) {
        Map<String, Tensor> rounded = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> rounded.put(name, tensor.shape().rank() == 1 ? tensor : rounded(tensor)));
        return rounded;
    }

    private static Tensor rounded(Tensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        BlockFormat.of(DType.F32).dequantize(tensor.segment(), 0, values, 0, values.length);
        MemorySegment memory = MemorySegment.ofArray(new byte[2 * values.length]);
        BlockFormat.of(DType.BF16).quantize(values, 0, memory, 0, values.length);
        return new Tensor(DType.BF16, tensor.shape(), new HostMemory(memory));
    }

    static Tensor gaussian(Random random, Shape shape, double mean) {
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + 0.3 * random.nextGaussian());
        }
        return new Tensor(DType.F32, shape, new HostMemory(MemorySegment.ofArray(values)));
    }
}
