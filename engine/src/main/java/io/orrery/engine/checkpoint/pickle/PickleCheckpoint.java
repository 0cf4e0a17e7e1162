package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.MappedFile;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * A {@code pytorch_model.bin}, opened: a dictionary of tensors and nothing else. Nothing in it is executed, and what it may build
 * is bounded by its size. Tensors whose elements are neighbours are read in place.
 */
public final class PickleCheckpoint implements Checkpoint {
    private final MappedFile file;
    private final Map<String, Tensor> tensors;

    private PickleCheckpoint(MappedFile file, Map<String, Tensor> tensors) {
        this.file = file;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** Maps a file after a check of all that it describes. @throws CheckpointException in a sentence for every fault */
    public static PickleCheckpoint open(Path path) {
        return MappedFile.open(path, file -> new PickleCheckpoint(file, tensors(file)));
    }

    private static Map<String, Tensor> tensors(MappedFile file) {
        String source = file.path().toString();
        LittleEndianBytes bytes = new LittleEndianBytes(file.segment());
        if (ZipArchive.isZip(bytes)) {
            return TorchArchive.tensors(source, bytes);
        }
        if (LegacyFile.isLegacy(bytes)) {
            return LegacyFile.tensors(source, bytes);
        }
        throw new CheckpointException(
                source, "the file is neither a zip archive nor an older file of torch.save; download it again");
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public String source() {
        return file.path().toString();
    }

    @Override
    public void close() {
        file.close();
    }
}
