package io.orrery.engine.cuda;

import io.orrery.engine.ops.contract.OpsContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link OpsContract} on a GPU. */
@EnabledIfGpu
@ParameterizedClass(name = "{0}")
@MethodSource("io.orrery.engine.cuda.CudaBackend#gpu")
class GpuOpsContractTest extends OpsContract {}
