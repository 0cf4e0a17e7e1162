package io.orrery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    private static final int SERVICES = 16;

    @TempDir
    Path root;

    @Test
    void allWhoAskForASecretAtOnceGetTheSame() throws Exception {
        Set<String> seen = new HashSet<>();
        try (DataFolder data = DataFolder.open(root);
                ExecutorService services = Executors.newFixedThreadPool(SERVICES)) {
            Callable<String> service = () -> data.secret("shared", () -> {
                Thread.yield();
                return DataFolder.randomText(48);
            });
            for (Future<String> secret : services.invokeAll(Collections.nCopies(SERVICES, service))) {
                seen.add(secret.get());
            }
        }
        assertThat(seen).hasSize(1);
    }
}
