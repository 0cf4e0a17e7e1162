package io.orrery.engine.cpu;

import io.orrery.engine.ops.contract.OpsContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link OpsContract} on every kind of kernels that this CPU runs, and in plain loops. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.orrery.engine.cpu.CpuBackend#all")
class OpsContractTest extends OpsContract {}
