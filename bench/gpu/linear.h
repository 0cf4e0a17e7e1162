/* How the projections' kernels are launched: what CudaLinear does, for programs without Java. */
#pragma once
#include "device.h"
#include "formats.h"

struct Packed {
    const Format *format;
    unsigned char *tiles;
    int rows, columns;
};

inline int up(int a, int b) { return (a + b - 1) / b; }

inline Packed pack(const Format &format, const unsigned char *file, int rows, int columns, long long rowBytes) {
    const int tiles = up(rows, 16) * up(columns, 256);
    unsigned char *to = device_array<unsigned char>(static_cast<long long>(tiles) * format.tileBytes);
    launch(("pack_" + format.name).c_str(), dim3(tiles), dim3(128), 0, to, file, rows, columns, rowBytes);
    return {&format, to, rows, columns};
}

inline void decode(float *y, const float *x, const Packed &w, const float *b, int rows) {
    const int segments = std::min(8, up(w.columns, 256)), perBlock = std::max(1, 8 / segments);
    const bool wide = w.format->name != "bf16" && up(w.rows, 16) > 264 && up(w.columns, 256) <= 2 * segments;
    launch(("linear_decode_" + std::string(wide ? "wide_" : "") + w.format->name).c_str(),
           dim3(up(up(w.rows, 16), perBlock)), dim3(32 * segments * perBlock), 0, y, x,
           static_cast<const unsigned char *>(w.tiles), b, rows, w.columns, w.rows);
}

struct Scratch {
    uint32_t *cast;
    float *partial;
    unsigned *arrived;
};

inline void cast(const Scratch &scratch, const float *x, int rows, int columns) {
    launch("linear_cast", dim3(up(rows, 8), up(columns, 256)), dim3(256), 0, scratch.cast, x, rows, columns);
}

inline void prefill(float *y, const Packed &w, const float *b, int rows, int width, bool split, const Scratch &scratch) {
    const int segments = std::min(8, up(w.columns, 256));
    launch(("linear_prefill_" + w.format->name + "_" + std::to_string(width)).c_str(),
           dim3(up(rows, width), up(w.rows, 128), split ? segments : 1), dim3(256), 1024u * width, y,
           static_cast<const uint32_t *>(scratch.cast), static_cast<const unsigned char *>(w.tiles), b, rows, w.columns, w.rows,
           scratch.partial, scratch.arrived);
}

#ifndef EMULATED
inline void cast_hopper(uint32_t *to, const float *x, int rows, int columns) {
    launch("linear_cast_hopper", dim3(up(rows, 128), up(columns, 256)), dim3(256), 0, to, x, rows, columns);
}

inline void hopper(float *y, const uint32_t *x, const Packed &w, const float *b, int rows) {
    launch(("linear_hopper_" + w.format->name).c_str(), dim3(up(rows, 128), up(up(w.rows, 128), 2) * 2), dim3(384),
           8 * 16384 + 1024, y, x, static_cast<const unsigned char *>(w.tiles), b, rows, w.columns, w.rows);
}
#endif
