package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Bias;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelSpec.Scaling;
import io.orrery.engine.model.ModelSpec.Sublayer;
import io.orrery.engine.ops.Activation;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gemma, StarCoder2, Phi-3 and OPT where they are not Llama. What is expected of odd keys is what transformers 5.18 does. */
class FamilyDetailsTest {
    private static final String SMALL =
            "'vocab_size':11,'hidden_size':16,'intermediate_size':12,'num_hidden_layers':2,'num_attention_heads':4";
    private static final String FACTORS = "'short_factor':[1,2],'long_factor':[3,4]";

    @ParameterizedTest
    @CsvSource({
        "'', GELU_TANH",
        "',''hidden_act'':''gelu''', GELU_TANH",
        "',''hidden_act'':''gelu'',''hidden_activation'':null', GELU_TANH",
        "',''hidden_act'':''gelu_pytorch_tanh'',''hidden_activation'':''silu''', GELU_TANH",
        "',''hidden_act'':''silu''', SILU"
    })
    void gemmaActivatesByOneKeyThatMeansTheTanhFormOfGelu(String keys, Activation expected) {
        CausalLm model = model("gemma", ",'num_key_value_heads':2" + keys);
        assertThat(body(model, FeedForward.class).activation()).isEqualTo(expected);
    }

    @Test
    void gemmaScalesEmbeddingsAndAddsOneToNorms() {
        CausalLm model = model("gemma", ",'num_key_value_heads':2");
        assertThat(model.text().input()).isEqualTo(new Input.Tokens(11, 4, 0, 0));
        assertThat(model.text().outputNorm()).isEqualTo(new Norm.Rms(1e-6f, 1));
        assertThat(body(model, Attention.class).heads().dim()).isEqualTo(256);
        assertThat(model.head().tied()).isTrue();
        assertThat(model("gemma", ",'num_key_value_heads':2,'tie_word_embeddings':false")
                        .head()
                        .tied())
                .isFalse();
    }

    @Test
    void starcoderHasBiasesUnlessToldOtherwiseAndNoWindowByDefault() {
        CausalLm model = model("starcoder2", "");
        assertThat(body(model, Attention.class).bias()).isEqualTo(Bias.QKV_AND_OUTPUT);
        assertThat(body(model, Attention.class).heads().kv()).isEqualTo(2);
        assertThat(body(model, Attention.class).mask().window()).isZero();
        assertThat(model.text().outputNorm()).isEqualTo(new Norm.LayerNorm(1e-5f));
        CausalLm other = model("starcoder2", ",'use_bias':false,'sliding_window':5,'norm_epsilon':0.25");
        assertThat(body(other, Attention.class).bias()).isEqualTo(Bias.NONE);
        assertThat(body(other, Attention.class).mask().window()).isEqualTo(5);
        assertThat(body(other, FeedForward.class).bias()).isFalse();
        assertThat(other.text().outputNorm()).isEqualTo(new Norm.LayerNorm(0.25f));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'partial_rotary_factor':0.5|2",
                "'rope_parameters':{'rope_theta':9.0,'partial_rotary_factor':0.5}|2",
                "'head_dim':8|8"
            })
    void phiRotatesAPartOfAHead(String keys, int dims) {
        assertThat(body(model("phi3", "," + keys), Attention.class).rope().dims())
                .isEqualTo(dims);
    }

    /** Beside the parameters the original context counts before in them, and there is one even where nothing says it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "phi3|'original_max_position_embeddings':32,'rope_scaling':{'type':'longrope',F}|32",
                "phi3|'original_max_position_embeddings':32,'rope_scaling':{'type':'su',F}|32",
                "phi3|'original_max_position_embeddings':32,'rope_parameters':{'rope_type':'longrope',F,'original_max_position_embeddings':64}|32",
                "phi3|'rope_parameters':{'rope_type':'longrope',F,'original_max_position_embeddings':64}|4096",
                "llama|'rope_scaling':{'rope_type':'longrope',F,'original_max_position_embeddings':64}|64",
                "llama|'rope_scaling':{'rope_type':'longrope',F}|128"
            })
    void theOriginalContextIsWhereTransformersLooks(String family, String keys, int original) {
        assertThat(longRope(family, keys).originalContext()).isEqualTo(original);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'original_max_position_embeddings':32,'rope_scaling':{'type':'longrope',F}|1.1832160",
                "'original_max_position_embeddings':32,'rope_scaling':{'type':'longrope',F,'factor':32}|1.4142135",
                "'original_max_position_embeddings':32,'rope_scaling':{'type':'longrope',F,'attention_factor':1.25}|1.25",
                "'original_max_position_embeddings':128,'rope_scaling':{'type':'longrope',F}|1"
            })
    void theAttentionsFactorIsSaidOrFollowsFromTheStretch(String keys, float factor) {
        assertThat(longRope("phi3", keys).attentionFactor()).isCloseTo(factor, Offset.offset(1e-6f));
    }

    @Test
    void llama3TakesTheOriginalContextBesideTheParametersToo() {
        String keys = ",'original_max_position_embeddings':%d,'rope_parameters':{'rope_type':'llama3','factor':8,"
                + "'low_freq_factor':1,'high_freq_factor':4,'original_max_position_embeddings':64}";
        assertThat(body(model("llama", keys.formatted(100)), Attention.class)
                        .rope()
                        .scaling())
                .isEqualTo(new Scaling.Llama3(8, 1, 4, 100));
    }

    @Test
    void optLooksPositionsUpTwoRowsFurther() {
        CausalLm model = model("opt", ",'ffn_dim':12,'max_position_embeddings':30");
        assertThat(model.text().input()).isEqualTo(new Input.Tokens(11, 1, 32, 2));
        assertThat(body(model, FeedForward.class).activation()).isEqualTo(Activation.RELU);
        assertThat(body(model, Attention.class).rope().dims()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'word_embed_proj_dim':8|word_embed_proj_dim other than hidden_size",
                "'do_layer_norm_before':false|do_layer_norm_before false",
                "'_remove_final_layer_norm':true|_remove_final_layer_norm",
                "'layer_norm_elementwise_affine':false|layer_norm_elementwise_affine false"
            })
    void theOptsThatAreBuiltOtherwiseAreRefused(String keys, String message) {
        assertThatThrownBy(() -> model("opt", ",'ffn_dim':12," + keys))
                .isInstanceOf(ModelException.class)
                .hasMessage("config.json asks for " + message + ", which is not supported for this family");
    }

    private static Scaling.LongRope longRope(String family, String keys) {
        String all = ",'max_position_embeddings':128," + keys.replace("F", FACTORS);
        return (Scaling.LongRope)
                body(model(family, all), Attention.class).rope().scaling();
    }

    private static CausalLm model(String family, String keys) {
        return TinyModels.spec("{'model_type':'" + family + "'," + SMALL + keys + "}");
    }

    private static <T extends Sublayer> T body(CausalLm model, Class<T> type) {
        return model.text().layers().getFirst().branches().stream()
                .map(ModelSpec.Branch::body)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }
}
