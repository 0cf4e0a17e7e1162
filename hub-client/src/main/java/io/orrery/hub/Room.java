package io.orrery.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether a disk has room for what is to come, asked before anything is moved. */
final class Room {
    /** What others may need meanwhile. */
    private static final long SPARE = 64L << 20;

    private Room() {}

    /** @param folder that is there, and may hold beginnings of the files */
    static void require(Path folder, List<RemoteFile> files) throws IOException {
        long needed = 0;
        for (RemoteFile file : files) {
            needed += Math.max(0, file.size() - PartialFile.begun(folder, file));
        }
        long free = Files.getFileStore(folder).getUsableSpace();
        if (needed > 0 && needed + SPARE > free) {
            throw new HubException(
                    0,
                    HubException.LOCAL,
                    "The files need " + needed + " bytes and the disk of " + folder + " has " + free
                            + " free. Make room, or leave some of them out.");
        }
    }
}
