package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.QkNorm;
import io.orrery.engine.model.ModelSpec.Scaling;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each family makes of its config.json: published sizes, defaults of absent keys, and what null means. */
class FamiliesTest {
    private static final String SMALL =
            "'vocab_size':11,'hidden_size':8,'intermediate_size':12,'num_hidden_layers':3,'num_attention_heads':4";

    /** Published counts; the configurations are those of the repositories. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "llama|32000|4096|11008|32|32|32||false|6738415616",
                "llama|32016|4096|11008|32|32|32||false|6738546688",
                "llama|128256|4096|14336|32|32|8||false|8030261248",
                "llama|128256|2048|8192|16|32|8||true|1235814400",
                "mistral|32000|4096|14336|32|32|8||false|7241732096",
                "qwen2|151936|1536|8960|28|12|2||false|1777088000",
                "qwen2|151936|896|4864|24|14|2||true|494032768",
                "qwen3|151936|1024|3072|28|16|8|128|true|596049920",
                "qwen3|151936|1024|3072|28|16|8|128|false|751632384"
            })
    void parameterCountsAreThePublishedOnes(
            String type,
            int vocab,
            int hidden,
            int ff,
            int layers,
            int heads,
            int kv,
            Integer dim,
            boolean tied,
            long n) {
        String json =
                ("{'model_type':'%s','vocab_size':%d,'hidden_size':%d,'intermediate_size':%d,'num_hidden_layers':%d,"
                                + "'num_attention_heads':%d,'num_key_value_heads':%d,'head_dim':%s,'tie_word_embeddings':%b}")
                        .formatted(type, vocab, hidden, ff, layers, heads, kv, dim, tied);
        assertThat(Weights.parameters(TinyModels.spec(json))).isEqualTo(n);
    }

    @Test
    void bothWritingsOfRotaryPositionsMeanTheSame() {
        String four = SMALL
                + ",'rope_theta':500000.0,'rope_scaling':{'type':'llama3','factor':8.0,'low_freq_factor':1.0,"
                + "'high_freq_factor':4.0,'original_max_position_embeddings':64}";
        String five = SMALL
                + ",'rope_parameters':{'rope_type':'llama3','rope_theta':500000.0,'factor':8.0,'low_freq_factor':1.0,"
                + "'high_freq_factor':4.0,'original_max_position_embeddings':64}";
        assertThat(family("llama", four)).isEqualTo(family("llama", five));
        ModelSpec.Rope rope = attention(family("llama", five), 0).rope();
        assertThat(rope.theta()).isEqualTo(500_000);
        assertThat(rope.scaling()).isEqualTo(new Scaling.Llama3(8, 1, 4, 64));
    }

    @Test
    void linearScalingAndDefaultsOfRotaryPositions() {
        assertThat(attention(family("llama", SMALL + ",'rope_scaling':{'type':'linear','factor':4}"), 0)
                        .rope())
                .isEqualTo(new ModelSpec.Rope(2, 10_000, new Scaling.Linear(4)));
        assertThat(attention(family("llama", SMALL + ",'rope_scaling':null"), 0).rope())
                .isEqualTo(new ModelSpec.Rope(2, 10_000, new Scaling.None()));
    }

    @Test
    void llamaTakesBiasesWhereTheConfigurationSaysSo() {
        assertThat(names(family("llama", SMALL))).noneMatch(name -> name.endsWith(".bias"));
        assertThat(names(family("llama", SMALL + ",'attention_bias':true,'mlp_bias':true")))
                .contains("blk.0.attn_q.bias", "blk.0.attn_output.bias", "blk.2.ffn_gate.bias", "blk.2.ffn_down.bias");
    }

    @Test
    void mistralSlidesUnlessTheWindowIsNull() {
        String kv = ",'num_key_value_heads':2";
        assertThat(window(family("mistral", SMALL + kv), 0)).isEqualTo(4096);
        assertThat(window(family("mistral", SMALL + kv + ",'sliding_window':null"), 0))
                .isZero();
        assertThat(window(family("mistral", SMALL + kv + ",'sliding_window':8"), 2))
                .isEqualTo(8);
    }

    @Test
    void keyValueHeadsThatAreAbsentAreNotThoseThatAreNull() {
        assertThat(attention(family("llama", SMALL), 0).heads().kv()).isEqualTo(4);
        assertThat(attention(family("mistral", SMALL + ",'num_key_value_heads':null"), 0)
                        .heads()
                        .kv())
                .isEqualTo(4);
        assertThatThrownBy(() -> family("mistral", SMALL))
                .isInstanceOf(ModelException.class)
                .hasMessage("heads (4) is not a multiple of kvHeads (8)");
    }

    @Test
    void qwenSlidesOnlyInUpperLayersAndOnlyWhenAsked() {
        String kv = SMALL + ",'num_key_value_heads':2,'sliding_window':5,'max_window_layers':2";
        assertThat(windows(family("qwen2", kv))).containsExactly(0, 0, 0);
        assertThat(windows(family("qwen2", kv + ",'use_sliding_window':true"))).containsExactly(0, 0, 5);
        String typed = kv + ",'use_sliding_window':true,'layer_types':['sliding_attention','full_attention',"
                + "'sliding_attention']";
        assertThat(windows(family("qwen3", typed))).containsExactly(5, 0, 5);
        assertThat(windows(family("qwen3", typed.replace(":true", ":false")))).containsExactly(0, 0, 0);
    }

    @Test
    void qwen2HasBiasesAndQwen3NormsOfItsOwnEpsilon() {
        CausalLm qwen2 = family("qwen2", SMALL + ",'num_key_value_heads':1");
        assertThat(attention(qwen2, 0).bias()).isEqualTo(Bias.QKV);
        CausalLm qwen3 = family("qwen3", SMALL + ",'num_key_value_heads':1,'rms_norm_eps':0.125");
        assertThat(attention(qwen3, 0).heads().dim()).isEqualTo(128);
        assertThat(attention(qwen3, 0).qkNorm()).isEqualTo(new QkNorm.PerHead(new ModelSpec.Norm.Rms(0.125f)));
        assertThat(attention(qwen3, 0).bias()).isEqualTo(Bias.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}|no 'model_type'",
                "[]|holds ARRAY",
                "{'model_type':'mamba'}|model_type 'mamba' is not supported; supported are [gemma, llama, mistral, opt, phi3, qwen2, qwen3, starcoder2]",
                "{'model_type':'llama'}|has no 'num_attention_heads'",
                "{'model_type':'llama',S,'hidden_size':'x'}|'hidden_size' in config.json is \"x\"; it must be a number",
                "{'model_type':'llama',S,'num_hidden_layers':2000000000}|must be a whole number within 1..16777216",
                "{'model_type':'llama',S,'num_hidden_layers':100000}|more than the 4096",
                "{'model_type':'llama',S,'hidden_size':9}|hidden_size (9) is not a multiple of num_attention_heads (4)",
                "{'model_type':'llama',S,'head_dim':16777216}|4 heads of 16777216 dimensions",
                "{'model_type':'llama',S,'head_dim':3}|even number of dimensions",
                "{'model_type':'llama',S,'hidden_act':'softsign'}|hidden_act 'softsign'",
                "{'model_type':'llama',S,'rope_scaling':{'rope_type':'yarn'}}|rope_type 'yarn'",
                "{'model_type':'llama',S,'rope_scaling':{'rope_type':'linear'}}|has no 'factor'",
                "{'model_type':'llama',S,'rope_scaling':{'rope_type':'linear','factor':0}}|must be a positive number",
                "{'model_type':'phi3',S,'original_max_position_embeddings':1,'rope_scaling':{'type':'longrope','short_factor':[1],'long_factor':[1]}}|longrope cannot multiply rotations by Infinity",
                "{'model_type':'llama',S,'rms_norm_eps':1e999}|must be a positive number",
                "{'model_type':'llama',S,'attention_bias':1}|it must be true or false"
            })
    void whatMakesNoSenseIsASentence(String json, String message) {
        assertThatThrownBy(() -> TinyModels.spec(json.replace("S", SMALL)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private static CausalLm family(String type, String keys) {
        return TinyModels.spec("{'model_type':'" + type + "'," + keys + "}");
    }

    private static Attention attention(CausalLm model, int layer) {
        return model.text().layers().get(layer).attention().findFirst().orElseThrow();
    }

    private static int window(CausalLm model, int layer) {
        return attention(model, layer).mask().window();
    }

    private static List<Integer> windows(CausalLm model) {
        return List.of(window(model, 0), window(model, 1), window(model, 2));
    }

    private static List<String> names(CausalLm model) {
        return Weights.of(model).stream().map(WeightSpec::name).toList();
    }
}
