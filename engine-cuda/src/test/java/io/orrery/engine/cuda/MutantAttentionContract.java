package io.orrery.engine.cuda;

import io.orrery.engine.ops.contract.AttentionContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link AttentionContract} on kernels with a fault: started by {@link MutationTest}, never by the build. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.orrery.engine.cuda.Mutant#backend")
class MutantAttentionContract extends AttentionContract {}
