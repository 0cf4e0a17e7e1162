package io.orrery.finetune.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many jobs are in each state that is not an end. */
@Component
class JobMeters implements MeterBinder {
    private final JdbcClient jdbc;

    JobMeters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (JobState state : JobState.values()) {
            if (!state.isFinal()) {
                Gauge.builder("orrery.finetune.jobs", () -> count(state))
                        .tag("state", state.word())
                        .description("Jobs that have not ended")
                        .register(registry);
            }
        }
    }

    private int count(JobState state) {
        return jdbc.sql("select count(*) from job where state = :state")
                .param("state", state.name())
                .query(Integer.class)
                .single();
    }
}
