package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.pickle.PickleValue.Storage;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * What torch.save writes since version 1.6: a zip file of {@code ROOT/data.pkl} and {@code ROOT/data/KEY}, and {@code
 * ROOT/byteorder} since 2.0. Source: torch {@code torch/serialization.py} and {@code caffe2/serialize/inline_container.cc}.
 */
final class TorchArchive {
    private static final int MOST_PICKLE_BYTES = 64 << 20;

    private static final String PICKLE = "/data.pkl";

    private final String source;
    private final LittleEndianBytes file;
    private final Map<String, ZipArchive.Entry> entries;
    private final String root;

    private TorchArchive(String source, LittleEndianBytes file) {
        this.source = source;
        this.file = file;
        this.entries = ZipArchive.entries(source, file);
        this.root = root();
    }

    static Map<String, Tensor> tensors(String source, LittleEndianBytes file) {
        return new TorchArchive(source, file).read();
    }

    private Map<String, Tensor> read() {
        checkByteOrder();
        MemorySegment pickle =
                bytes(find(PICKLE).orElseThrow(() -> new CheckpointException(source, "there is no " + root + PICKLE)));
        if (pickle.byteSize() > MOST_PICKLE_BYTES) {
            throw new CheckpointException(
                    source,
                    "the pickle " + root + PICKLE + " has " + pickle.byteSize() + " bytes, more than the "
                            + MOST_PICKLE_BYTES + " that descriptions of tensors need");
        }
        PickleValue top = new Unpickler(new PickleCursor(source, root + PICKLE, pickle, 0)).read();
        return new ViewTensors(source, file.size(), this::storage).all(top);
    }

    /** The folder that all entries are in, whose name is anybody's choice. */
    private String root() {
        for (String name : entries.keySet()) {
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                return name.substring(0, name.indexOf('/'));
            }
        }
        throw new CheckpointException(
                source, "the zip file of " + entries.size() + " entries has no data.pkl; torch.save did not write it");
    }

    private void checkByteOrder() {
        Optional<ZipArchive.Entry> entry = find("/byteorder");
        if (entry.isPresent()
                && entry.get().bytes() == "big".length()
                && file.text(entry.get().at(), "big".length()).equals("big")) {
            throw new CheckpointException(
                    source, "the numbers are in big-endian byte order; save the model on a little-endian machine");
        }
    }

    private MemorySegment storage(Storage storage) {
        ZipArchive.Entry entry = find("/data/" + storage.key())
                .orElseThrow(() -> new CheckpointException(
                        source,
                        "a tensor lies in " + root + "/data/" + storage.key()
                                + ", which the zip file lacks; download it again"));
        if (storage.elements() > entry.bytes() || storage.bytes() != entry.bytes()) {
            throw new CheckpointException(
                    source,
                    "the storage " + entry.name() + " has " + entry.bytes() + " bytes where the pickle says "
                            + storage.elements() + " elements; the file is damaged, download it again");
        }
        return bytes(entry);
    }

    private Optional<ZipArchive.Entry> find(String name) {
        return Optional.ofNullable(entries.get(root + name));
    }

    private MemorySegment bytes(ZipArchive.Entry entry) {
        return file.file().asSlice(entry.at(), entry.bytes());
    }
}
