package io.orrery.engine.cuda;

import io.orrery.engine.ops.contract.LinearContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link LinearContract} in the emulator. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.orrery.engine.cuda.CudaBackend#emulated")
class EmulatedLinearContractTest extends LinearContract {}
