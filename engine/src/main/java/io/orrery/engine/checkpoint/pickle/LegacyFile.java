package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.pickle.PickleValue.Flag;
import io.orrery.engine.checkpoint.pickle.PickleValue.Items;
import io.orrery.engine.checkpoint.pickle.PickleValue.Mapping;
import io.orrery.engine.checkpoint.pickle.PickleValue.Storage;
import io.orrery.engine.checkpoint.pickle.PickleValue.Text;
import io.orrery.engine.checkpoint.pickle.PickleValue.View;
import io.orrery.engine.checkpoint.pickle.PickleValue.Whole;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What torch.save wrote before version 1.6: pickles of a magic number, the protocol, the machine, the tensors and the keys of
 * their storages, then each storage behind the number of its elements. Source: torch {@code torch/serialization.py}, {@code
 * _legacy_load}.
 */
final class LegacyFile {
    private static final byte[] MAGIC = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e");
    private static final long PROTOCOL = 1001;

    private final String source;
    private final LittleEndianBytes file;
    private final Map<String, Place> places = new HashMap<>();
    private long position = MAGIC.length;

    private record Place(long at, long bytes) {}

    private LegacyFile(String source, LittleEndianBytes file) {
        this.source = source;
        this.file = file;
    }

    static boolean isLegacy(LittleEndianBytes file) {
        return file.holds(0, MAGIC.length)
                && file.file().asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) < 0;
    }

    static Map<String, Tensor> tensors(String source, LittleEndianBytes file) {
        return new LegacyFile(source, file).read();
    }

    private Map<String, Tensor> read() {
        if (!(pickle() instanceof Whole protocol) || protocol.value() != PROTOCOL) {
            throw new CheckpointException(source, "the file is not of torch's protocol " + PROTOCOL);
        }
        if (!(pickle() instanceof Mapping machine)
                || !(machine.entries().get("little_endian") instanceof Flag isLittle && isLittle.value())) {
            throw new CheckpointException(source, "the file is not from a little-endian machine; save it on one");
        }
        PickleValue top = pickle();
        place(elementBytes(top), pickle());
        return new ViewTensors(source, file.size(), this::storage).all(top);
    }

    private PickleValue pickle() {
        PickleCursor in = new PickleCursor(source, "the file", file.file(), position);
        PickleValue value = new Unpickler(in).read();
        position = in.position();
        return value;
    }

    /** By the key of each storage; where they lie does not tell. */
    private Map<String, Integer> elementBytes(PickleValue top) {
        Map<String, Integer> bytes = new HashMap<>();
        if (top instanceof Mapping dictionary) {
            for (PickleValue value : dictionary.entries().values()) {
                if (value instanceof View view) {
                    bytes.put(
                            view.storage().key(),
                            view.storage().dtype().map(DType::blockBytes).orElse(1));
                }
            }
        }
        return bytes;
    }

    private void place(Map<String, Integer> elementBytes, PickleValue keys) {
        if (!(keys instanceof Items list)) {
            throw new CheckpointException(source, "the keys of the storages are " + keys.kind() + " and not a list");
        }
        for (PickleValue item : list.items()) {
            if (!(item instanceof Text key) || !elementBytes.containsKey(key.value())) {
                throw new CheckpointException(
                        source, "a storage at byte " + position + " belongs to no tensor; save the state_dict alone");
            }
            long elements = file.holds(position, Long.BYTES) ? file.i64(position) : -1;
            long at = position + Long.BYTES;
            if (elements < 0 || elements > (file.size() - at) / elementBytes.get(key.value())) {
                throw new CheckpointException(
                        source,
                        "the storage " + key.value() + " at byte " + position
                                + " does not end within the file; download it again");
            }
            places.put(key.value(), new Place(at, elements * elementBytes.get(key.value())));
            position = at + elements * elementBytes.get(key.value());
        }
    }

    private MemorySegment storage(Storage storage) {
        Place place = places.get(storage.key());
        if (place == null || storage.elements() > place.bytes() || storage.bytes() != place.bytes()) {
            throw new CheckpointException(
                    source,
                    "the storage " + storage.key() + " is not there with the " + storage.elements()
                            + " elements that the pickle says; download the file again");
        }
        return file.file().asSlice(place.at(), place.bytes());
    }
}
