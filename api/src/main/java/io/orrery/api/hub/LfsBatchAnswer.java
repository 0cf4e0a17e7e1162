package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where contents go or come from; an object without actions is there already. */
public record LfsBatchAnswer(String transfer, List<Item> objects) {
    public static final String BASIC = "basic";
    public static final String XET = "xet";
    public static final String MULTIPART = "multipart";

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            String oid,
            long size,
            @Nullable Boolean authenticated,
            @Nullable Actions actions,
            @Nullable Failure error) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Actions(
            @Nullable Action upload,
            @Nullable Action verify,
            @Nullable Action download) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Action(
            String href,
            Map<String, String> header,
            @JsonProperty("expires_in") @Nullable Long expiresIn) {}

    public record Failure(int code, String message) {}
}
