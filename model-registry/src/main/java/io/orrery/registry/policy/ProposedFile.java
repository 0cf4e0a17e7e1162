package io.orrery.registry.policy;

import io.orrery.registry.inspection.PickleFiles;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that is to be kept here.
 *
 * @param isPickle by its name and, where it is at hand, its beginning
 */
public record ProposedFile(String path, long size, boolean isPickle) {
    /** Bytes that tell what a file is. */
    public static final int BEGINNING = 16;

    private static final int PROTOCOL = 0x80;
    private static final int NEWEST_PROTOCOL = 5;

    /** @param beginning of its content; without it a file named {@code .bin} is taken for a pickle, which it mostly is */
    public static ProposedFile of(String path, long size, Optional<byte[]> beginning) {
        boolean isBin = path.toLowerCase(Locale.ROOT).endsWith(".bin");
        boolean isPickle =
                PickleFiles.isNamedSo(path) && (!isBin || beginning.isEmpty() || beginsAsPickle(beginning.get()));
        return new ProposedFile(path, size, isPickle);
    }

    private static boolean beginsAsPickle(byte[] content) {
        boolean isArchive =
                content.length >= 4 && content[0] == 'P' && content[1] == 'K' && content[2] == 3 && content[3] == 4;
        return isArchive
                || (content.length >= 2
                        && (content[0] & 0xFF) == PROTOCOL
                        && content[1] <= NEWEST_PROTOCOL
                        && content[1] >= 0);
    }
}
