package io.orrery.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Where a hub's path lies under a folder of ours. What a hub lists is foreign: it must not reach outside, nor into git's own files. */
final class RepositoryPath {
    private RepositoryPath() {}

    static Path under(Path folder, String path) {
        for (String part : path.split("/", -1)) {
            boolean isNoName = part.isEmpty() || part.equals(".") || part.equals("..");
            if (isNoName
                    || part.indexOf('\\') >= 0
                            && folder.getFileSystem().getSeparator().equals("\\")) {
                throw refused(path, "which lies outside its repository");
            }
            if (part.toLowerCase(Locale.ROOT).equals(".git")) {
                throw refused(path, "which would be one of git's own, whose hooks are run");
            }
        }
        try {
            Path place = folder.resolve(path).normalize();
            if (!place.startsWith(folder) || place.equals(folder)) {
                throw refused(path, "which lies outside its repository");
            }
            return place;
        } catch (InvalidPathException e) {
            throw refused(path, "which cannot be a file's name here: " + e.getReason());
        }
    }

    /** Makes the folders that lead to a place, and follows no link that somebody put there. */
    static void makeParents(Path folder, Path place) throws IOException {
        Path at = folder;
        for (Path part : folder.relativize(place.getParent())) {
            at = at.resolve(part);
            if (Files.isSymbolicLink(at)) {
                throw new HubException(
                        0,
                        HubException.LOCAL,
                        at + " is a link; " + place + " would be written to where it leads. Remove it, or name another"
                                + " folder.");
            }
            if (!Files.isDirectory(at)) {
                Files.createDirectory(at);
            }
        }
    }

    private static HubException refused(String path, String why) {
        return new HubException(0, HubException.CORRUPT, "The hub lists a file '" + path + "', " + why + ".");
    }
}
