package io.orrery.finetune.job;

import io.orrery.finetune.file.FileUse;
import io.orrery.finetune.file.StoredFile;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Jobs that have not ended need their files. */
@Component
class TrainingFileUse implements FileUse {
    private final JdbcClient jdbc;

    TrainingFileUse(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> userOf(StoredFile file) {
        return jdbc.sql("""
                        select 'job ' || id from job where project = :project and :file in (training_file, validation_file)
                            and state not in ('SUCCEEDED', 'FAILED', 'CANCELLED') limit 1
                        """)
                .param("project", file.project())
                .param("file", file.id())
                .query(String.class)
                .optional();
    }
}
