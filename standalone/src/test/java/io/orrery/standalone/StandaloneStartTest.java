package io.orrery.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneStartTest {
    @TempDir
    Path folder;

    @Test
    void aPortInUseIsNamedBeforeAnythingIsStarted() throws Exception {
        try (ServerSocket holder = new ServerSocket()) {
            holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            StandaloneOptions options = new StandaloneOptions(folder, "127.0.0.1", holder.getLocalPort(), "cpu", 1);
            assertThatThrownBy(() -> Standalone.start(options, step -> {}))
                    .isInstanceOf(StandaloneException.class)
                    .hasMessageContaining("port " + holder.getLocalPort() + " of 127.0.0.1")
                    .hasMessageContaining("--port");
        }
        assertThat(folder.resolve("postgres")).doesNotExist();
        DataFolder.open(folder).close(); // the folder was given back
    }
}
