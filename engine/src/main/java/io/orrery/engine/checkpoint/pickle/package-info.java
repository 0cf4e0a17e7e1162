/** Files of torch.save: zip archives and the older format, of which tensors are read and nothing is ever executed. */
@NullMarked
package io.orrery.engine.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
