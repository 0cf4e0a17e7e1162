package io.orrery.registry.conversion;

import io.orrery.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes what torch.save writes of a dictionary of tensors: a zip of a pickle and a file a storage. */
final class TorchFile {
    private static final int LARGEST_BYTE = 255;

    private TorchFile() {}

    static void write(Path to, Map<String, Tensor> tensors) throws IOException {
        List<byte[]> storages = new ArrayList<>();
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, '}', '('});
        tensors.forEach((name, tensor) -> {
            text(pickle, name);
            tensor(pickle, tensor, Integer.toString(storages.size()));
            storages.add(floats(tensor));
        });
        pickle.writeBytes(ascii("u."));
        try (OutputStream file = Files.newOutputStream(to);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            entry(zip, "archive/data.pkl", pickle.toByteArray());
            for (int i = 0; i < storages.size(); i++) {
                entry(zip, "archive/data/" + i, storages.get(i));
            }
            entry(zip, "archive/version", ascii("3\n"));
        }
    }

    /** A pickle that calls a function of Python's. */
    static byte[] hostile() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(zipped)) {
            entry(zip, "archive/data.pkl", ascii("cos\nsystem\n(S'echo pwned'\ntR."));
            entry(zip, "archive/version", ascii("3\n"));
        }
        return zipped.toByteArray();
    }

    private static void tensor(ByteArrayOutputStream pickle, Tensor tensor, String storage) {
        pickle.writeBytes(ascii("ctorch._utils\n_rebuild_tensor_v2\n(("));
        text(pickle, "storage");
        pickle.writeBytes(ascii("ctorch\nFloatStorage\n"));
        text(pickle, storage);
        text(pickle, "cpu");
        number(pickle, tensor.elements());
        pickle.writeBytes(ascii("tQ"));
        number(pickle, 0);
        pickle.write('(');
        List<Long> dims = tensor.shape().dims().stream().map(Number::longValue).toList();
        dims.forEach(dim -> number(pickle, dim));
        pickle.writeBytes(ascii("t("));
        for (int i = 0; i < dims.size(); i++) {
            number(pickle, dims.subList(i + 1, dims.size()).stream().reduce(1L, (a, b) -> a * b));
        }
        pickle.write('t');
        pickle.write(0x89);
        pickle.writeBytes(ascii("ccollections\nOrderedDict\n)RtR"));
    }

    private static byte[] floats(Tensor tensor) {
        float[] values = tensor.decode();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static void text(ByteArrayOutputStream pickle, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        pickle.write('X');
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        pickle.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream pickle, long value) {
        if (value <= LARGEST_BYTE) {
            pickle.write('K');
            pickle.write((int) value);
        } else {
            pickle.write('J');
            pickle.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) value)
                    .array());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
