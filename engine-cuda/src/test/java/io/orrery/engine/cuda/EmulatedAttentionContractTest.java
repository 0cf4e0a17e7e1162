package io.orrery.engine.cuda;

import io.orrery.engine.ops.contract.AttentionContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link AttentionContract} in the emulator. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.orrery.engine.cuda.CudaBackend#emulated")
class EmulatedAttentionContractTest extends AttentionContract {}
