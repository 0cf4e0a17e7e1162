package io.orrery.registry.lfs;

import io.orrery.api.hub.LfsBatchAnswer;
import io.orrery.api.hub.LfsBatchAnswer.Action;
import io.orrery.api.hub.LfsBatchAnswer.Actions;
import io.orrery.api.hub.LfsBatchRequest;
import io.orrery.api.hub.LfsBatchRequest.LfsObject;
import io.orrery.api.hub.SignedUpload;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.wire.HubCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which way contents come. It is decided here: a client that offers a way of an {@link UploadTransfer} takes it for the whole batch;
 * otherwise a content larger than the repository's threshold comes in parts, where the client offers that, and every other one whole.
 */
@Component
class UploadWays {
    /** A client's answer must not have more addresses than S3 takes parts. */
    private static final int MAX_PARTS = 10_000;

    private final UploadTokens tokens;
    private final LfsProperties properties;
    private final List<UploadTransfer> transfers;
    private final JdbcClient jdbc;

    UploadWays(UploadTokens tokens, LfsProperties properties, List<UploadTransfer> transfers, JdbcClient jdbc) {
        this.tokens = tokens;
        this.properties = properties;
        this.transfers = transfers;
        this.jdbc = jdbc;
    }

    /** The ways of one batch. */
    final class Batch {
        private final HubCall call;
        private final Repo repo;
        private final Optional<UploadTransfer> transfer;
        private final long largestWhole;

        private Batch(HubCall call, Repo repo, List<String> offered) {
            this.call = call;
            this.repo = repo;
            this.transfer = transfers.stream()
                    .filter(other -> offered.contains(other.name()))
                    .findFirst();
            this.largestWhole = offered.contains(LfsBatchAnswer.MULTIPART) ? threshold(repo) : Long.MAX_VALUE;
        }

        String name() {
            return transfer.map(UploadTransfer::name).orElse(LfsBatchAnswer.BASIC);
        }

        Actions actions(LfsObject object) {
            if (transfer.isPresent()) {
                return new Actions(transfer.get().upload(call, repo), null, null);
            }
            Action verify = new Action(
                    call.baseUrl().path("/" + repo.type().filePrefix() + repo.name() + ".git/info/lfs/objects/verify"),
                    Map.of(),
                    null);
            return new Actions(object.size() > largestWhole ? inParts(object) : whole(object), verify, null);
        }

        private Action whole(LfsObject object) {
            return new Action(address(object, Optional.empty()), Map.of(), UploadTokens.VALIDITY.toSeconds());
        }

        /** https://huggingface.co/docs/hub describes it nowhere; clients read the part's number from the name of each header. */
        private Action inParts(LfsObject object) {
            long partSize = partSize(object.size(), largestWhole);
            String address = address(object, Optional.of(new UploadTokens.Parts(UUID.randomUUID(), partSize)));
            Map<String, String> header = new LinkedHashMap<>();
            header.put("chunk_size", Long.toString(partSize));
            for (int number = 1; number <= Math.ceilDiv(object.size(), partSize); number++) {
                header.put(String.format("%05d", number), address + "&" + SignedUpload.PART + "=" + number);
            }
            return new Action(address, header, UploadTokens.VALIDITY.toSeconds());
        }

        private String address(LfsObject object, Optional<UploadTokens.Parts> parts) {
            String token = tokens.sign(new UploadTokens.Grant(
                    repo.id(),
                    new Sha256(object.oid()),
                    object.size(),
                    call.caller().name(),
                    parts));
            return call.baseUrl().path(SignedUpload.PREFIX + object.oid() + "?" + SignedUpload.TOKEN + "=" + token);
        }
    }

    Batch batch(HubCall call, Repo repo, LfsBatchRequest request) {
        return new Batch(call, repo, request.transfers() == null ? List.of() : request.transfers());
    }

    private long partSize(long size, long threshold) {
        long wanted = Math.min(properties.partSize().toBytes(), threshold);
        long smallest = Math.max(LfsProperties.SMALLEST_PART.toBytes(), Math.ceilDiv(size, MAX_PARTS));
        return Math.max(wanted, smallest);
    }

    private long threshold(Repo repo) {
        return jdbc.sql("select multipart_threshold from repo where id = :id")
                .param("id", repo.id())
                .query((row, number) -> Optional.ofNullable(row.getObject("multipart_threshold", Long.class)))
                .single()
                .orElse(properties.multipartThreshold().toBytes());
    }
}
