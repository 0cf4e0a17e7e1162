package io.orrery.registry.catalog;

import io.orrery.registry.downloads.DownloadCounts;
import io.orrery.registry.downloads.DownloadCounts.Counts;
import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A number of downloads.
 *
 * @param isAlways whether infos have it though nobody names it
 */
record DownloadProperty(String name, boolean isAlways, ToLongFunction<Counts> count, DownloadCounts counts)
        implements InfoProperty {
    @Override
    public boolean isWanted(HubCall call) {
        return InfoProperty.super.isWanted(call)
                || (isAlways && call.list("expand").isEmpty());
    }

    @Override
    public Map<Long, Long> values(HubCall call, List<Subject> subjects) {
        List<Long> ids = subjects.stream().map(subject -> subject.repo().id()).toList();
        Map<Long, Counts> known = counts.of(ids);
        Map<Long, Long> values = new HashMap<>();
        ids.forEach(id -> values.put(id, count.applyAsLong(known.getOrDefault(id, Counts.NONE))));
        return values;
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        InfoProperty recentDownloads(DownloadCounts counts) {
            return new DownloadProperty("downloads", true, Counts::recent, counts);
        }

        /** What lists are sorted by where trends are asked for. */
        @Bean
        InfoProperty trendingScore(DownloadCounts counts) {
            return new DownloadProperty("trendingScore", false, Counts::recent, counts);
        }

        @Bean
        InfoProperty allDownloads(DownloadCounts counts) {
            return new DownloadProperty("downloadsAllTime", false, Counts::allTime, counts);
        }
    }
}
