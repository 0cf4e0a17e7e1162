package io.orrery.finetune.registry;

import io.orrery.finetune.access.Caller;
import java.nio.file.Path;

/** The registry's models, as the owner of a job may see and change them. Every method blocks and throws {@link RegistryException}. */
public interface Models {
    /** The 40-hex commit that a branch, tag or commit of a repository is now. */
    String commit(Caller owner, String repository, String revision);

    /** Hears how many bytes of how many are here; what it throws ends the transfer. */
    interface Transfer {
        void at(long done, long total);
    }

    /** The folder with all files of a revision, whose name is its commit; downloaded where it is not here yet. */
    Path snapshot(Caller owner, String repository, String revision, Transfer transfer);

    /**
     * Commits a result with its lineage to its repository, which is made where it is missing. The same result again makes no new commit.
     *
     * @return the commit
     */
    String publish(Publication publication);
}
