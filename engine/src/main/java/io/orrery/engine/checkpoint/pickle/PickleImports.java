package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.MappedFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The functions and classes that a file would have Python look up if it were unpickled, told without building or calling any of them.
 * Reads pickles, several of them one after the other, and zip archives of them, as torch.save and joblib write them.
 *
 * @param isPickle whether there is any pickle in the file; by its name alone nobody can tell
 * @param imports all that were found, also where the file breaks behind them, since Python would have met them first
 * @param problem why the file could not be read to its end, in a sentence
 */
public record PickleImports(boolean isPickle, SortedSet<Import> imports, Optional<String> problem) {
    /** A name of a module. What is put together while the pickle runs is {@link #COMPUTED}. */
    public record Import(String module, String name) implements Comparable<Import> {
        /** A name that nobody can tell but by running the pickle, which no honest one needs. */
        public static final Import COMPUTED = new Import("?", "?");

        @Override
        public int compareTo(Import other) {
            int byModule = module.compareTo(other.module);
            return byModule == 0 ? name.compareTo(other.name) : byModule;
        }

        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    private static final int MOST_PICKLES = 64;
    /** Magic number, protocol, machine, tensors and keys, before the storages: see {@link LegacyFile}. */
    private static final int PICKLES_OF_LEGACY_FILE = 5;

    private static final int PROTOCOL = 0x80;

    public PickleImports {
        imports = new TreeSet<>(imports);
    }

    /** Reads a file. @throws CheckpointException where it cannot be read at all */
    public static PickleImports of(Path path) {
        try (MappedFile file = MappedFile.open(path)) {
            return of(path.toString(), file.segment());
        }
    }

    static PickleImports of(String source, MemorySegment file) {
        LittleEndianBytes bytes = new LittleEndianBytes(file);
        if (ZipArchive.isZip(bytes)) {
            return ofArchive(source, bytes);
        }
        int most = LegacyFile.isLegacy(bytes) ? PICKLES_OF_LEGACY_FILE : MOST_PICKLES;
        return ofPickles(source, "the file", file, most);
    }

    private static PickleImports ofArchive(String source, LittleEndianBytes file) {
        Set<Import> imports = new LinkedHashSet<>();
        Optional<String> problem = Optional.empty();
        boolean isPickle = false;
        try {
            for (Map.Entry<String, ZipArchive.Entry> entry :
                    ZipArchive.entries(source, file).entrySet()) {
                if (entry.getKey().endsWith(".pkl") || entry.getKey().endsWith(".pickle")) {
                    MemorySegment part = file.file()
                            .asSlice(entry.getValue().at(), entry.getValue().bytes());
                    PickleImports found = ofPickles(source, entry.getKey(), part, MOST_PICKLES);
                    imports.addAll(found.imports());
                    problem = problem.or(found::problem);
                    isPickle = true;
                }
            }
        } catch (CheckpointException e) {
            return new PickleImports(true, new TreeSet<>(imports), Optional.of(e.problem()));
        }
        return new PickleImports(isPickle, new TreeSet<>(imports), problem);
    }

    /** What follows the first pickle and is none is data that the pickle's reader takes as it is. */
    private static PickleImports ofPickles(String source, String part, MemorySegment bytes, int most) {
        Set<Import> imports = new LinkedHashSet<>();
        PickleCursor in = new PickleCursor(source, part, bytes, 0);
        boolean isPickle = begins(bytes, 0);
        try {
            new ImportTracer(in, imports).run();
            isPickle = true;
            for (int i = 1; i < most && begins(bytes, in.position()); i++) {
                new ImportTracer(in, imports).run();
            }
            return new PickleImports(true, new TreeSet<>(imports), Optional.empty());
        } catch (CheckpointException e) {
            isPickle |= !imports.isEmpty();
            return new PickleImports(
                    isPickle, new TreeSet<>(imports), isPickle ? Optional.of(e.problem()) : Optional.empty());
        }
    }

    /** Whether there is the opcode that pickles since Python 2.3 begin with, and a version that there is. */
    private static boolean begins(MemorySegment bytes, long at) {
        LittleEndianBytes file = new LittleEndianBytes(bytes);
        return file.holds(at, 2)
                && (file.u16(at) & 0xFF) == PROTOCOL
                && file.u16(at) >> Byte.SIZE <= Unpickler.NEWEST_PROTOCOL;
    }
}
