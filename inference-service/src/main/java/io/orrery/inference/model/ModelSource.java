package io.orrery.inference.model;

import io.orrery.api.openai.ModelObject;
import io.orrery.hub.Progress;
import io.orrery.inference.access.Caller;
import java.nio.file.Path;
import java.util.List;

/** Where models come from. Thread-safe; what fails is an {@link io.orrery.inference.wire.OpenAiProblem}. */
interface ModelSource {
    /** The revision of a repository that is asked for without one. */
    String MAIN = "main";

    /** The commit that a revision names right now, where the caller may see it. */
    String commit(Caller caller, String repository, String revision);

    /** A folder or file with a commit's contents on this machine. */
    Path fetch(String repository, String commit, Progress progress);

    /** What the caller can ask for. */
    List<ModelObject> list(Caller caller);
}
