package io.orrery.engine.cpu;

import io.orrery.engine.ops.contract.AttentionContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link AttentionContract} on every kind of kernels that this CPU runs, and in plain loops. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.orrery.engine.cpu.CpuBackend#all")
class AttentionContractTest extends AttentionContract {}
