package io.orrery.engine.cuda;

import io.orrery.engine.ops.contract.LinearContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link LinearContract} on kernels with a fault: started by {@link MutationTest}, never by the build. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.orrery.engine.cuda.Mutant#backend")
class MutantLinearContract extends LinearContract {}
