/*
 * Weights as the matrix kernels read them: tiles of 16 rows by 256 columns, a tile's bytes one after the other, tiles of a
 * row of tiles one after the other. A tile holds the bytes of the file's blocks in another order, so that packing costs no
 * memory but for padding at the edges: first the numbers, 16 bytes a lane, in the order in which mma.m16n8k16 wants its
 * fragment A; then a header for each row (scales, zero points).
 *
 * Within 32 columns, lane t of a group of four holds columns 8t to 8t+7: column 8t + 4h + 2r + e is element e of register r
 * (the lower or upper eight) of the fragment of the h-th 16. Any order will do as long as x is read in the same.
 *
 * A format is a struct with
 *   BYTES              of a tile
 *   Registers          what a lane holds of a tile
 *   load(r, tile, lane)       reads them; all loads are independent
 *   fragment<J>(r, a)         fragment A of columns 16J to 16J+15, as bf16: numbers are exact; scales (and minima) of formats
 *                             below eight bits are rounded to bf16, and so are products
 *   value(tile, row, column)  one weight as F32, exactly as the file's format has it
 *   pack(source, unit)        the unit-th 16 bytes of a tile from the file's rows
 *   offset(column)            byte of a file's row that a tile begins at
 */
#pragma once
#include "device.cuh"

namespace packed {

constexpr int ROWS = 16, COLUMNS = 256, NUMBERS = COLUMNS / 16;

__device__ __forceinline__ uint4 load16(const unsigned char *from) {
#ifdef __CUDACC__
    uint4 v;
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(from));
    return v;
#else
    return *reinterpret_cast<const uint4 *>(from);
#endif
}

__device__ __forceinline__ unsigned word(const uint4 &v, int i) {
    return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w;
}

__device__ __forceinline__ unsigned short short_at(const unsigned char *p) {
    return static_cast<unsigned short>(p[0] | p[1] << 8);
}

__device__ __forceinline__ float half_at(const unsigned char *p) {
    return __half2float(__ushort_as_half(short_at(p)));
}

__device__ __forceinline__ float half_of(unsigned bits) {
    return __half2float(__ushort_as_half(static_cast<unsigned short>(bits)));
}

/* low in the lower half */
__device__ __forceinline__ unsigned bf16_pair(float low, float high) {
#ifdef __CUDACC__
    unsigned pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
#else
    return __bfloat16_as_ushort(__float2bfloat16_rn(low)) |
           static_cast<unsigned>(__bfloat16_as_ushort(__float2bfloat16_rn(high))) << 16;
#endif
}

/* Where a column stands: its lane of four, the fragment of 16 within 32, register and element. */
struct Place {
    int block, lane, half, reg, element;
    __device__ __forceinline__ explicit Place(int column)
        : block(column / 32),
          lane(column / 8 % 4),
          half(column / 4 % 2),
          reg(column / 2 % 2),
          element(column % 2) {}
};

/* The column that a lane of four holds in fragment j of a tile, register and element. */
__device__ __forceinline__ int column_at(int fragment, int lane, int reg, int element) {
    return 32 * (fragment / 2) + 8 * lane + 4 * (fragment % 2) + 2 * reg + element;
}

/* The file's rows from the tile's first row and column on; outside them all is zero. */
struct Source {
    const unsigned char *rows;
    long long rowBytes;
    int rowCount, columnCount;
};

/* (x & y) | z in one operation, which the compiler makes two of where y and z are constants. */
__device__ __forceinline__ unsigned and_or(unsigned x, unsigned y, unsigned z) {
#ifdef __CUDACC__
    unsigned d;
    asm("lop3.b32 %0, %1, %2, %3, 0xea;" : "=r"(d) : "r"(x), "r"(y), "r"(z));
    return d;
#else
    return (x & y) | z;
#endif
}

/*
 * Numbers of four bits: word (fragment j of a tile) has the pair of register p at bits 4p and 4p + 16. Twice 128 plus a number,
 * as bf16, whatever higher bits come with it below 128.
 */
__device__ __forceinline__ unsigned nibbles(unsigned w, int p, unsigned bits = 0) {
    return and_or(p == 0 ? w : w >> (4 * p), 0x000f000fu, 0x43004300u | bits);
}

/* x · y + z of both halves, rounded once. */
__device__ __forceinline__ unsigned fma_pair(unsigned x, unsigned y, unsigned z) {
#ifdef __CUDACC__
    unsigned d;
    asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(d) : "r"(x), "r"(y), "r"(z));
    return d;
#else
    unsigned d = 0;
    for (int i = 0; i < 32; i += 16) {
        const auto part = [&](unsigned of) { return __uint_as_float((of >> i) << 16); };
        const double exact = static_cast<double>(part(x)) * part(y) + part(z);
        d |= static_cast<unsigned>(__bfloat16_as_ushort(__float2bfloat16_rn(static_cast<float>(exact)))) << i;
    }
    return d;
#endif
}

constexpr unsigned ONES = 0x3f803f80u, MINUS_ZEROS = 0x80008000u, MINUS_128 = 0xc300c300u, MINUS_136 = 0xc308c308u,
                   MINUS_160 = 0xc320c320u;

/*
 * Both numbers of nibbles(), less 128 and a whole number: exact. Twice 128 plus a number is one bitwise operation; that
 * and one for the scale is all that decoding costs, since integer operations have half the rate and conversions are as slow.
 */
__device__ __forceinline__ unsigned number_pair(unsigned pair, unsigned minusZero) {
    return fma_pair(pair, ONES, minusZero);
}

__device__ __forceinline__ unsigned twice(float x) {
    return bf16_pair(x, x);
}

/* scale · number + offset in bf16, of a row: both twice. */
struct Affine {
    unsigned scale, offset;
    __device__ __forceinline__ unsigned of(unsigned numbers) const { return fma_pair(numbers, scale, offset); }
};

/*
 * What the formats of four bits (and more) share: 2048 bytes of nibbles, then headers.
 * F::number(const unsigned char *row, int column) is the file's number.
 */
struct Nibbles {
    uint4 w[4];
    __device__ __forceinline__ void load(const unsigned char *tile, int lane) {
#pragma unroll
        for (int v = 0; v < 4; v++) w[v] = load16(tile + v * 512 + lane * 16);
    }
    __device__ __forceinline__ unsigned of(int fragment) const { return word(w[fragment / 4], fragment % 4); }
};

constexpr int NIBBLE_BYTES = 2048;

/* Byte of a tile's nibbles, and shift within it, of a number. */
__device__ __forceinline__ int nibble_at(const unsigned char *tile, int row, int column) {
    const Place at(column);
    const int lane = row % 8 * 4 + at.lane, p = 2 * at.reg + row / 8, fragment = 2 * at.block + at.half;
    const int bit = 4 * p + 16 * at.element;
    return tile[fragment / 4 * 512 + lane * 16 + fragment % 4 * 4 + bit / 8] >> (bit % 8) & 15;
}

template <class F>
__device__ __forceinline__ uint4 pack_nibbles(const Source &s, int unit) {
    const int lane = unit % 32, v = unit / 32;
    unsigned w[4];
    for (int i = 0; i < 4; i++) {
        w[i] = 0;
        for (int p = 0; p < 4; p++) {
            for (int e = 0; e < 2; e++) {
                const int row = lane / 4 + p % 2 * 8, column = column_at(4 * v + i, lane % 4, p / 2, e);
                if (row < s.rowCount && column < s.columnCount) {
                    w[i] |= (F::number(s.rows + row * s.rowBytes, column) & 15u) << (4 * p + 16 * e);
                }
            }
        }
    }
    return {w[0], w[1], w[2], w[3]};
}

/* 16 bytes that lie at `at` of one row's block of the file; zero outside. */
__device__ __forceinline__ uint4 bytes16(const Source &s, int row, int column, long long at) {
    if (row >= s.rowCount || column >= s.columnCount) return {0, 0, 0, 0};
    const unsigned char *p = s.rows + row * s.rowBytes + at;
    unsigned w[4];
    for (int i = 0; i < 4; i++) w[i] = p[4 * i] | p[4 * i + 1] << 8 | p[4 * i + 2] << 16 | static_cast<unsigned>(p[4 * i + 3]) << 24;
    return {w[0], w[1], w[2], w[3]};
}

/* The F16 scales of eight blocks of 32, each at the beginning of its block. */
__device__ __forceinline__ uint4 block_scales(const Source &s, int row, int blockBytes) {
    unsigned w[4] = {0, 0, 0, 0};
    for (int i = 0; i < 8; i++) {
        if (row < s.rowCount && 32 * i < s.columnCount) {
            w[i / 2] |= static_cast<unsigned>(short_at(s.rows + row * s.rowBytes + i * blockBytes)) << (i % 2 * 16);
        }
    }
    return {w[0], w[1], w[2], w[3]};
}

/* BF16, and F16 rounded to it: no header. */
struct Bf16 {
    static constexpr int BYTES = 8192;
    static constexpr bool PREFETCH = false;
    struct Registers {
        uint4 w[16];
    };
    static __device__ __forceinline__ void load(Registers &r, const unsigned char *tile, int lane) {
#pragma unroll
        for (int v = 0; v < 16; v++) r.w[v] = load16(tile + v * 512 + lane * 16);
    }
    /* Columns 64Q to 64Q + 63. */
    template <int Q>
    static __device__ __forceinline__ void load_quarter(Registers &r, const unsigned char *tile, int lane) {
#pragma unroll
        for (int v = 4 * Q; v < 4 * Q + 4; v++) r.w[v] = load16(tile + v * 512 + lane * 16);
    }
    template <int J>
    static __device__ __forceinline__ void fragment(const Registers &r, unsigned (&a)[4]) {
        a[0] = r.w[J].x, a[1] = r.w[J].y, a[2] = r.w[J].z, a[3] = r.w[J].w;
    }
    static __device__ __forceinline__ float value(const unsigned char *tile, int row, int column) {
        const Place at(column);
        const int p = 2 * at.reg + row / 8;
        const unsigned char *from = tile + (2 * at.block + at.half) * 512 + (row % 8 * 4 + at.lane) * 16;
        return __uint_as_float(static_cast<unsigned>(short_at(from + 4 * p + 2 * at.element)) << 16);
    }
    static __device__ __forceinline__ unsigned bits(const unsigned char *row, int column) {
        return short_at(row + 2 * column);
    }
    template <class F>
    static __device__ __forceinline__ uint4 pack16(const Source &s, int unit) {
        const int lane = unit % 32, j = unit / 32;
        unsigned w[4];
        for (int p = 0; p < 4; p++) {
            w[p] = 0;
            for (int e = 0; e < 2; e++) {
                const int row = lane / 4 + p % 2 * 8, column = column_at(j, lane % 4, p / 2, e);
                if (row < s.rowCount && column < s.columnCount) {
                    w[p] |= F::bits(s.rows + row * s.rowBytes, column) << (16 * e);
                }
            }
        }
        return {w[0], w[1], w[2], w[3]};
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) { return pack16<Bf16>(s, unit); }
    static __device__ __forceinline__ long long offset(int column) { return 2LL * column; }
};

struct F16 : Bf16 {
    static __device__ __forceinline__ unsigned bits(const unsigned char *row, int column) {
        return bf16_pair(half_at(row + 2 * column), 0.0f) & 0xffffu;
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) { return pack16<F16>(s, unit); }
};

/* ggml block_q8_0; numbers are kept with 128 added. Header: 8 F16 scales. */
struct Q8_0 {
    static constexpr int BYTES = 4096 + 256, FILE_BYTES = 34;
    static constexpr bool PREFETCH = true;
    struct Registers {
        uint4 w[8], low, high;
    };
    static __device__ __forceinline__ void load(Registers &r, const unsigned char *tile, int lane) {
#pragma unroll
        for (int v = 0; v < 8; v++) r.w[v] = load16(tile + v * 512 + lane * 16);
        r.low = load16(tile + 4096 + lane / 4 * 16);
        r.high = load16(tile + 4096 + 128 + lane / 4 * 16);
    }
    template <int I>
    static __device__ __forceinline__ float number(unsigned w) {
        return __uint_as_float(__byte_perm(w, 0x4b000000u, 0x7540u | I)) - 8388736.0f;
    }
    template <int J>
    static __device__ __forceinline__ void fragment(const Registers &r, unsigned (&a)[4]) {
        constexpr int B = J / 2;
        const float low = half_of(word(r.low, B / 2) >> (B % 2 * 16)), high = half_of(word(r.high, B / 2) >> (B % 2 * 16));
#pragma unroll
        for (int reg = 0; reg < 2; reg++) {
            const unsigned w = word(r.w[B], J % 2 * 2 + reg);
            a[2 * reg] = bf16_pair(__fmul_rn(number<0>(w), low), __fmul_rn(number<1>(w), low));
            a[2 * reg + 1] = bf16_pair(__fmul_rn(number<2>(w), high), __fmul_rn(number<3>(w), high));
        }
    }
    static __device__ __forceinline__ float value(const unsigned char *tile, int row, int column) {
        const Place at(column);
        const int lane = row % 8 * 4 + at.lane;
        const int number = tile[at.block * 512 + lane * 16 + (at.half * 2 + at.reg) * 4 + row / 8 * 2 + at.element];
        return __fmul_rn(half_at(tile + 4096 + row * 16 + at.block * 2), static_cast<float>(number - 128));
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) {
        if (unit >= 256) return block_scales(s, unit - 256, FILE_BYTES);
        const int lane = unit % 32, block = unit / 32;
        unsigned w[4];
        for (int i = 0; i < 4; i++) {
            w[i] = 0;
            for (int b = 0; b < 4; b++) {
                const int row = lane / 4 + b / 2 * 8, column = column_at(2 * block + i / 2, lane % 4, i % 2, b % 2);
                const bool inside = row < s.rowCount && column < s.columnCount;
                const unsigned char number =
                    inside ? s.rows[row * s.rowBytes + column / 32 * FILE_BYTES + 2 + column % 32] : 0;
                w[i] |= static_cast<unsigned>(number ^ 0x80) << (8 * b);
            }
        }
        return {w[0], w[1], w[2], w[3]};
    }
    static __device__ __forceinline__ long long offset(int column) { return column / 32LL * FILE_BYTES; }
};

/* ggml block_q4_0: scale · (number - 8). Header: 8 F16 scales. */
struct Q4_0 {
    static constexpr int BYTES = NIBBLE_BYTES + 256, FILE_BYTES = 18;
    static constexpr bool PREFETCH = true;
    struct Registers {
        Nibbles numbers;
        uint4 low, high;
    };
    static __device__ __forceinline__ void load(Registers &r, const unsigned char *tile, int lane) {
        r.numbers.load(tile, lane);
        r.low = load16(tile + NIBBLE_BYTES + lane / 4 * 16);
        r.high = load16(tile + NIBBLE_BYTES + 128 + lane / 4 * 16);
    }
    template <int B>
    static __device__ __forceinline__ Affine affine(const uint4 &header) {
        return {twice(half_of(word(header, B / 2) >> (B % 2 * 16))), MINUS_ZEROS};
    }
    template <int J>
    static __device__ __forceinline__ void fragment(const Registers &r, unsigned (&a)[4]) {
        const Affine low = affine<J / 2>(r.low), high = affine<J / 2>(r.high);
        const unsigned w = r.numbers.of(J);
#pragma unroll
        for (int p = 0; p < 4; p++) {
            a[p] = (p % 2 ? high : low).of(number_pair(nibbles(w, p), MINUS_136));
        }
    }
    static __device__ __forceinline__ float value(const unsigned char *tile, int row, int column) {
        return __fmul_rn(half_at(tile + NIBBLE_BYTES + row * 16 + column / 32 * 2),
                         static_cast<float>(nibble_at(tile, row, column) - 8));
    }
    static __device__ __forceinline__ unsigned number(const unsigned char *row, int column) {
        return row[column / 32 * FILE_BYTES + 2 + column % 16] >> (column / 16 % 2 * 4);
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) {
        return unit < 128 ? pack_nibbles<Q4_0>(s, unit) : block_scales(s, unit - 128, FILE_BYTES);
    }
    static __device__ __forceinline__ long long offset(int column) { return column / 32LL * FILE_BYTES; }
};

/* GPTQ and AWQ, our INT4: scale · (number - zero). Header: 8 F16 scales; behind all of them 8 zero points a row. */
struct Int4 {
    static constexpr int BYTES = NIBBLE_BYTES + 256 + 128, FILE_BYTES = 19, ZEROS = NIBBLE_BYTES + 256;
    static constexpr bool PREFETCH = true;
    struct Registers {
        Nibbles numbers;
        uint4 low, high;
        uint2 lowZeros, highZeros;
    };
    static __device__ __forceinline__ void load(Registers &r, const unsigned char *tile, int lane) {
        r.numbers.load(tile, lane);
        r.low = load16(tile + NIBBLE_BYTES + lane / 4 * 16);
        r.high = load16(tile + NIBBLE_BYTES + 128 + lane / 4 * 16);
        r.lowZeros = *reinterpret_cast<const uint2 *>(tile + ZEROS + lane / 4 * 8);
        r.highZeros = *reinterpret_cast<const uint2 *>(tile + ZEROS + 64 + lane / 4 * 8);
    }
    /* -128 - zero, twice */
    template <int B>
    static __device__ __forceinline__ unsigned minus_zero(const uint2 &zeros) {
        return twice(-static_cast<float>(128 + static_cast<int>((B < 4 ? zeros.x : zeros.y) >> (B % 4 * 8) & 0xff)));
    }
    template <int J>
    static __device__ __forceinline__ void fragment(const Registers &r, unsigned (&a)[4]) {
        const Affine low = Q4_0::affine<J / 2>(r.low), high = Q4_0::affine<J / 2>(r.high);
        const unsigned lowZero = minus_zero<J / 2>(r.lowZeros), highZero = minus_zero<J / 2>(r.highZeros);
        const unsigned w = r.numbers.of(J);
#pragma unroll
        for (int p = 0; p < 4; p++) {
            a[p] = (p % 2 ? high : low).of(number_pair(nibbles(w, p), p % 2 ? highZero : lowZero));
        }
    }
    static __device__ __forceinline__ float value(const unsigned char *tile, int row, int column) {
        return __fmul_rn(half_at(tile + NIBBLE_BYTES + row * 16 + column / 32 * 2),
                         static_cast<float>(nibble_at(tile, row, column) - tile[ZEROS + row * 8 + column / 32]));
    }
    static __device__ __forceinline__ unsigned number(const unsigned char *row, int column) {
        return row[column / 32 * FILE_BYTES + 3 + column % 16] >> (column / 16 % 2 * 4);
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) {
        if (unit < 128) return pack_nibbles<Int4>(s, unit);
        if (unit < 144) return block_scales(s, unit - 128, FILE_BYTES);
        unsigned w[4] = {0, 0, 0, 0};
        for (int i = 0; i < 16; i++) {
            const int row = (unit - 144) * 2 + i / 8, block = i % 8;
            if (row < s.rowCount && 32 * block < s.columnCount) {
                w[i / 4] |= static_cast<unsigned>(s.rows[row * s.rowBytes + block * FILE_BYTES + 2]) << (i % 4 * 8);
            }
        }
        return {w[0], w[1], w[2], w[3]};
    }
    static __device__ __forceinline__ long long offset(int column) { return column / 32LL * FILE_BYTES; }
};

/* Eight scales and minima of six bits (ggml get_scale_min_k4), four to a word. */
struct SixBits {
    unsigned scales[2], minima[2];
    __device__ __forceinline__ explicit SixBits(const uint4 &header) {
        scales[0] = header.y & 0x3f3f3f3fu;
        minima[0] = header.z & 0x3f3f3f3fu;
        scales[1] = (header.w & 0x0f0f0f0fu) | (header.y >> 2 & 0x30303030u);
        minima[1] = (header.w >> 4 & 0x0f0f0f0fu) | (header.z >> 2 & 0x30303030u);
    }
};

/* Byte I of a word times a factor, exactly: 2^23 + byte is one permutation, and 2^23 · factor has no more digits than it. */
template <int I>
__device__ __forceinline__ float byte_times(unsigned w, float factor) {
    return fmaf(__uint_as_float(__byte_perm(w, 0x4b000000u, 0x7540u | I)), factor, factor * -8388608.0f);
}

template <int B>
__device__ __forceinline__ Affine six_bit_affine(const uint4 &header) {
    const SixBits six(header);
    return {twice(byte_times<B % 4>(six.scales[B / 4], half_of(header.x))),
            twice(byte_times<B % 4>(six.minima[B / 4], -half_of(header.x >> 16)))};
}

__device__ __forceinline__ float six_bit_value(const unsigned char *header, int block, int number) {
    const unsigned char *q = header + 4;
    const int j = block % 4;
    const int scale = block < 4 ? q[j] & 63 : (q[j + 8] & 15) | q[j] >> 6 << 4;
    const int minimum = block < 4 ? q[j + 4] & 63 : q[j + 8] >> 4 | q[j + 4] >> 6 << 4;
    return __fsub_rn(__fmul_rn(__fmul_rn(half_at(header), static_cast<float>(scale)), static_cast<float>(number)),
                     __fmul_rn(half_at(header + 2), static_cast<float>(minimum)));
}

/* ggml block_q4_K: 256 columns, scale · number - minimum. Header: its first 16 bytes. */
struct Q4_K {
    static constexpr int BYTES = NIBBLE_BYTES + 256, FILE_BYTES = 144;
    static constexpr bool PREFETCH = true;
    struct Registers {
        Nibbles numbers;
        uint4 low, high;
    };
    static __device__ __forceinline__ void load(Registers &r, const unsigned char *tile, int lane) {
        r.numbers.load(tile, lane);
        r.low = load16(tile + NIBBLE_BYTES + lane / 4 * 16);
        r.high = load16(tile + NIBBLE_BYTES + 128 + lane / 4 * 16);
    }
    template <int J>
    static __device__ __forceinline__ void fragment(const Registers &r, unsigned (&a)[4]) {
        const Affine low = six_bit_affine<J / 2>(r.low), high = six_bit_affine<J / 2>(r.high);
        const unsigned w = r.numbers.of(J);
#pragma unroll
        for (int p = 0; p < 4; p++) {
            a[p] = (p % 2 ? high : low).of(number_pair(nibbles(w, p), MINUS_128));
        }
    }
    static __device__ __forceinline__ float value(const unsigned char *tile, int row, int column) {
        return six_bit_value(tile + NIBBLE_BYTES + row * 16, column / 32, nibble_at(tile, row, column));
    }
    static __device__ __forceinline__ unsigned number(const unsigned char *row, int column) {
        return row[column / 256 * FILE_BYTES + 16 + column % 256 / 64 * 32 + column % 32] >> (column / 32 % 2 * 4);
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) {
        return unit < 128 ? pack_nibbles<Q4_K>(s, unit) : bytes16(s, unit - 128, 0, 0);
    }
    static __device__ __forceinline__ long long offset(int column) { return column / 256LL * FILE_BYTES; }
};

/* ggml block_q5_K: as Q4_K, the fifth bits behind the nibbles: byte j of a lane's 16 has those of fragment j, p + 4e. */
struct Q5_K {
    static constexpr int BYTES = NIBBLE_BYTES + 512 + 256, FILE_BYTES = 176, HEADER = NIBBLE_BYTES + 512;
    static constexpr bool PREFETCH = true;
    struct Registers {
        Nibbles numbers;
        uint4 fifth, low, high;
    };
    static __device__ __forceinline__ void load(Registers &r, const unsigned char *tile, int lane) {
        r.numbers.load(tile, lane);
        r.fifth = load16(tile + NIBBLE_BYTES + lane * 16);
        r.low = load16(tile + HEADER + lane / 4 * 16);
        r.high = load16(tile + HEADER + 128 + lane / 4 * 16);
    }
    template <int J>
    static __device__ __forceinline__ void fragment(const Registers &r, unsigned (&a)[4]) {
        const Affine low = six_bit_affine<J / 2>(r.low), high = six_bit_affine<J / 2>(r.high);
        const unsigned w = r.numbers.of(J), fifth = word(r.fifth, J / 4) >> (J % 4 * 8);
#pragma unroll
        for (int p = 0; p < 4; p++) {
            const unsigned bits = (fifth >> p & 1u) << 4 | (fifth >> (p + 4) & 1u) << 20;
            a[p] = (p % 2 ? high : low).of(number_pair(nibbles(w, p, bits), MINUS_128));
        }
    }
    static __device__ __forceinline__ float value(const unsigned char *tile, int row, int column) {
        const Place at(column);
        const unsigned char bits = tile[NIBBLE_BYTES + (row % 8 * 4 + at.lane) * 16 + 2 * at.block + at.half];
        const int fifth = bits >> (2 * at.reg + row / 8 + 4 * at.element) & 1;
        return six_bit_value(tile + HEADER + row * 16, column / 32, nibble_at(tile, row, column) | fifth << 4);
    }
    static __device__ __forceinline__ unsigned number(const unsigned char *row, int column) {
        return row[column / 256 * FILE_BYTES + 48 + column % 256 / 64 * 32 + column % 32] >> (column / 32 % 2 * 4);
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) {
        if (unit < 128) return pack_nibbles<Q5_K>(s, unit);
        if (unit >= 160) return bytes16(s, unit - 160, 0, 0);
        const int lane = unit - 128;
        unsigned w[4] = {0, 0, 0, 0};
        for (int i = 0; i < 128; i++) {
            const int j = i / 8, p = i % 4, e = i / 4 % 2;
            const int row = lane / 4 + p % 2 * 8, column = column_at(j, lane % 4, p / 2, e);
            if (row < s.rowCount && column < s.columnCount) {
                const unsigned bit = s.rows[row * s.rowBytes + 16 + column % 32] >> (column / 32) & 1u;
                w[i / 32] |= bit << (i % 32);
            }
        }
        return {w[0], w[1], w[2], w[3]};
    }
    static __device__ __forceinline__ long long offset(int column) { return column / 256LL * FILE_BYTES; }
};

/*
 * ggml block_q6_K: 256 columns in 16 parts, d · scale · (number - 32). Behind the nibbles two bits more (a half word for each
 * fragment, 2p + 8e), then 16 signed scales a row, then d of each row.
 */
struct Q6_K {
    static constexpr int UPPER = NIBBLE_BYTES, SCALES = UPPER + 1024, D = SCALES + 256, BYTES = D + 32, FILE_BYTES = 210;
    static constexpr bool PREFETCH = true;
    struct Registers {
        Nibbles numbers;
        uint4 upper[2], low, high;
        float dLow, dHigh;
    };
    static __device__ __forceinline__ void load(Registers &r, const unsigned char *tile, int lane) {
        r.numbers.load(tile, lane);
        r.upper[0] = load16(tile + UPPER + lane * 16);
        r.upper[1] = load16(tile + UPPER + 512 + lane * 16);
        r.low = load16(tile + SCALES + lane / 4 * 16);
        r.high = load16(tile + SCALES + 128 + lane / 4 * 16);
        r.dLow = half_of(*reinterpret_cast<const unsigned short *>(tile + D + lane / 4 * 2));
        r.dHigh = half_of(*reinterpret_cast<const unsigned short *>(tile + D + 16 + lane / 4 * 2));
    }
    /* Part t / 2 of a block of 32 is a lane's: 8t to 8t + 7 of them. */
    template <int B>
    static __device__ __forceinline__ Affine affine(const uint4 &scales, float d) {
        const unsigned w = word(scales, B / 2) >> (B % 2 * 16 + (threadIdx.x & 2) * 4);
        return {twice(d * static_cast<float>(static_cast<signed char>(w & 0xff))), MINUS_ZEROS};
    }
    template <int J>
    static __device__ __forceinline__ void fragment(const Registers &r, unsigned (&a)[4]) {
        const Affine low = affine<J / 2>(r.low, r.dLow), high = affine<J / 2>(r.high, r.dHigh);
        const unsigned w = r.numbers.of(J), upper = word(r.upper[J / 8], J % 8 / 2) >> (J % 2 * 16);
#pragma unroll
        for (int p = 0; p < 4; p++) {
            const unsigned bits = (upper >> (2 * p) & 3u) << 4 | (upper >> (2 * p + 8) & 3u) << 20;
            a[p] = (p % 2 ? high : low).of(number_pair(nibbles(w, p, bits), MINUS_160));
        }
    }
    static __device__ __forceinline__ float value(const unsigned char *tile, int row, int column) {
        const Place at(column);
        const int j = 2 * at.block + at.half, shift = 2 * (2 * at.reg + row / 8) + 8 * at.element;
        const int bits = short_at(tile + UPPER + j / 8 * 512 + (row % 8 * 4 + at.lane) * 16 + j % 8 * 2) >> shift & 3;
        const float scale = static_cast<float>(static_cast<signed char>(tile[SCALES + row * 16 + column / 16]));
        return __fmul_rn(__fmul_rn(half_at(tile + D + row * 2), scale),
                         static_cast<float>((nibble_at(tile, row, column) | bits << 4) - 32));
    }
    static __device__ __forceinline__ unsigned number(const unsigned char *row, int column) {
        return row[column % 256 / 128 * 64 + column % 64] >> (column % 128 / 64 * 4);
    }
    static __device__ __forceinline__ uint4 pack(const Source &s, int unit) {
        if (unit < 128) return pack_nibbles<Q6_K>(s, unit);
        unsigned w[4] = {0, 0, 0, 0};
        if (unit < 192) {
            const int lane = unit % 32;
            for (int i = 0; i < 64; i++) {
                const int j = (unit - 128) / 32 * 8 + i / 8, p = i % 4, e = i / 4 % 2;
                const int row = lane / 4 + p % 2 * 8, column = column_at(j, lane % 4, p / 2, e);
                if (row < s.rowCount && column < s.columnCount) {
                    const unsigned char byte = s.rows[row * s.rowBytes + 128 + column / 128 * 32 + column % 32];
                    w[i / 16] |= (byte >> (column % 128 / 32 * 2) & 3u) << (i % 16 / 8 * 16 + 2 * p + 8 * e);
                }
            }
        } else if (unit < 208) {
            return bytes16(s, unit - 192, 0, 192);
        } else {
            for (int i = 0; i < 8; i++) {
                const int row = (unit - 208) * 8 + i;
                if (row < s.rowCount && s.columnCount > 0) {
                    w[i / 2] |= static_cast<unsigned>(short_at(s.rows + row * s.rowBytes + 208)) << (i % 2 * 16);
                }
            }
        }
        return {w[0], w[1], w[2], w[3]};
    }
    static __device__ __forceinline__ long long offset(int column) { return column / 256LL * FILE_BYTES; }
};

}  // namespace packed

/*
 * The split of a row's columns, which fixes the order of summation at every batch size: up to 8 segments of whole tiles, each
 * summed in order by the tensor cores from zero on, then the segments' sums one after the other.
 */
constexpr int SEGMENTS = 8;

__host__ __device__ __forceinline__ int linear_tiles(int in) {
    return (in + packed::COLUMNS - 1) / packed::COLUMNS;
}
__host__ __device__ __forceinline__ int linear_segments(int tiles) {
    return tiles < SEGMENTS ? tiles : SEGMENTS;
}
__host__ __device__ __forceinline__ int segment_start(int tiles, int segment) {
    return tiles * segment / linear_segments(tiles);
}
