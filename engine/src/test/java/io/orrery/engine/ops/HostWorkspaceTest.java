package io.orrery.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostWorkspaceTest {
    private final HostWorkspace workspace = new HostWorkspace();

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void tensorsDoNotOverlapAndAreAligned() {
        Tensor a = workspace.zeros(3);
        Tensor b = workspace.zeros(5, 7);
        b.segment().fill((byte) 1);
        assertThat(a.at(2)).isZero();
        assertThat(a.segment().address() % 64).isZero();
        assertThat(b.segment().address() % 64).isZero();
    }

    @Test
    void zerosAreZeroWhereSomethingStoodBefore() {
        long mark = workspace.mark();
        workspace.empty(9).segment().setAtIndex(ValueLayout.JAVA_FLOAT, 4, 7);
        workspace.release(mark);
        assertThat(workspace.zeros(9).at(4)).isZero();
    }

    @Test
    void releaseHandsOutTheSameMemoryAgain() {
        workspace.empty(100);
        long mark = workspace.mark();
        long address = workspace.empty(50).segment().address();
        workspace.release(mark);
        assertThat(workspace.empty(50).segment().address()).isEqualTo(address);
    }

    @Test
    void tensorsStayWhereTheyAreWhileItGrows() {
        Tensor first = workspace.zeros(4);
        long mark = workspace.mark();
        Tensor large = workspace.zeros(3_000_000);
        workspace.release(mark);
        first.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 0, 3);
        assertThat(workspace.zeros(3_000_000).segment().address())
                .isEqualTo(large.segment().address());
        assertThat(first.at(0)).isEqualTo(3);
    }

    @Test
    void stepsAfterTheFirstTakeNothingMore() {
        for (int step = 0; step < 2; step++) {
            workspace.empty(300_000);
            workspace.empty(700_000);
            workspace.reset();
        }
        long taken = workspace.byteSize();
        workspace.empty(300_000);
        workspace.empty(700_000);
        workspace.reset();
        assertThat(workspace.byteSize()).isEqualTo(taken);
    }

    @Test
    void markPastTheFillIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> workspace.release(64));
    }
}
