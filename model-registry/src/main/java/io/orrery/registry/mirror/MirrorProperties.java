package io.orrery.registry.mirror;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The hub that is mirrored, and how.
 *
 * @param upstream address of the hub; without one, what was mirrored before is answered with and nothing is fetched
 * @param token the mirror's own identity there; callers' tokens never leave this platform
 * @param allow ids that may be mirrored, where {@code *} stands for any characters
 * @param deny ids that may not, even if they are allowed
 * @param localNamespaces first parts of ids that are never asked for there, besides those that a repository of ours is in
 * @param offline whether nothing is asked there at first; an administrator may change it while the registry runs
 * @param refresh age at which the commit of a branch or tag is asked for again: the Hub counts requests in windows of 5 minutes, so a name
 *     costs one request a window, however many ask
 * @param absence how long a repository or revision that is not there is not asked for again
 * @param patience what a request waits for the upstream before something older is answered, or a refusal: clients give up after 10 seconds
 * @param outage how long an upstream that cannot be reached is left alone
 * @param connect what a connection may take
 * @param stall how long a content may give no byte before it is asked for anew
 * @param transfers how many contents are fetched at a time
 */
@Validated
@ConfigurationProperties("orrery.registry.mirror")
record MirrorProperties(
        @Nullable URI upstream,
        @DefaultValue("") String token,
        @DefaultValue("*") List<String> allow,
        @DefaultValue List<String> deny,
        @DefaultValue List<String> localNamespaces,
        @DefaultValue("false") boolean offline,
        @DefaultValue("5m") Duration refresh,
        @DefaultValue("60s") Duration absence,
        @DefaultValue("8s") Duration patience,
        @DefaultValue("5s") Duration outage,
        @DefaultValue("3s") Duration connect,
        @DefaultValue("30s") Duration stall,
        @DefaultValue("32") int transfers) {
    MirrorProperties {
        if (upstream != null) {
            upstream = checked(upstream);
        }
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        localNamespaces = List.copyOf(localNamespaces);
        if (!patience.isPositive() || !connect.isPositive() || !stall.isPositive() || transfers < 1) {
            throw new IllegalArgumentException("orrery.registry.mirror.patience (" + patience + "), connect (" + connect
                    + "), stall (" + stall + ") and transfers (" + transfers + ") must be positive");
        }
        if (refresh.isNegative() || absence.isNegative() || outage.isNegative()) {
            throw new IllegalArgumentException("orrery.registry.mirror.refresh (" + refresh + "), absence (" + absence
                    + ") and outage (" + outage + ") must not be negative");
        }
    }

    private static URI checked(URI upstream) {
        String scheme = String.valueOf(upstream.getScheme());
        if (!(scheme.equals("http") || scheme.equals("https")) || upstream.getHost() == null) {
            throw new IllegalArgumentException("orrery.registry.mirror.upstream must be the address of a hub, such as"
                    + " https://huggingface.co, but is " + upstream);
        }
        if (upstream.getRawQuery() != null || upstream.getRawUserInfo() != null) {
            throw new IllegalArgumentException("orrery.registry.mirror.upstream must have no query and no password: "
                    + "give the token as orrery.registry.mirror.token");
        }
        return URI.create(upstream.toString().replaceAll("/+$", ""));
    }

    @Override
    public String toString() {
        return "MirrorProperties[upstream=" + upstream + ", token=***]";
    }
}
