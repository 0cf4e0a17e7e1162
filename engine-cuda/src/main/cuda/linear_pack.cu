/*
 * Weights from the file's layout into tiles (packed.cuh), and back to F32.
 *
 * pack_F(to, from, rows, columns, rowBytes): rows of the file, to the tiles of ceil(rows / 16) rows of tiles. A load in parts
 * passes whole rows of tiles. Grid: ceil(rows / 16) · ceil(columns / 256) blocks of 128 threads. Reads and writes each byte
 * once, at load; bytes are gathered singly.
 *
 * unpack_F(y, tiles, which, first, columns): y[i, :] = row which[i] of the packed weight, or row first + i where which is
 * null, exactly as BlockFormat decodes it: embedding look-up, reading back, and what multiplies in F32. Grid: (rows of y,
 * ceil(columns / 1024)) blocks of 256 threads.
 */
#include "packed.cuh"

namespace {

template <class F>
__device__ __forceinline__ void pack(unsigned char *to, const unsigned char *from, int rows, int columns,
                                     long long rowBytes) {
    const int tiles = linear_tiles(columns);
    const int row = blockIdx.x / tiles * packed::ROWS, column = blockIdx.x % tiles * packed::COLUMNS;
    const packed::Source source = {from + row * rowBytes + F::offset(column), rowBytes, rows - row, columns - column};
    uint4 *tile = reinterpret_cast<uint4 *>(to + static_cast<long long>(blockIdx.x) * F::BYTES);
    for (int unit = threadIdx.x; unit < F::BYTES / 16; unit += 128) tile[unit] = F::pack(source, unit);
}

template <class F>
__device__ __forceinline__ void unpack(float *y, const unsigned char *tiles, const int *which, int first, int columns) {
    const int row = which ? which[blockIdx.x] : first + static_cast<int>(blockIdx.x);
    const unsigned char *from = tiles + static_cast<long long>(row / packed::ROWS) * linear_tiles(columns) * F::BYTES;
    const int end = min(columns, static_cast<int>(blockIdx.y + 1) * 1024);
    for (int k = blockIdx.y * 1024 + threadIdx.x; k < end; k += 256) {
        y[static_cast<long long>(blockIdx.x) * columns + k] =
            F::value(from + static_cast<long long>(k / packed::COLUMNS) * F::BYTES, row % packed::ROWS, k % packed::COLUMNS);
    }
}

}  // namespace

#define FORMAT(name, F)                                                                                             \
    extern "C" __global__ void __launch_bounds__(128)                                                               \
        pack_##name(unsigned char *to, const unsigned char *from, int rows, int columns, long long rowBytes) {       \
        pack<packed::F>(to, from, rows, columns, rowBytes);                                                         \
    }                                                                                                               \
    extern "C" __global__ void __launch_bounds__(256)                                                               \
        unpack_##name(float *y, const unsigned char *tiles, const int *which, int first, int columns) {              \
        unpack<packed::F>(y, tiles, which, first, columns);                                                         \
    }

FORMAT(bf16, Bf16)
FORMAT(f16, F16)
FORMAT(q8_0, Q8_0)
FORMAT(q4_0, Q4_0)
FORMAT(q4_k, Q4_K)
FORMAT(q5_k, Q5_K)
FORMAT(q6_k, Q6_K)
FORMAT(int4, Int4)
