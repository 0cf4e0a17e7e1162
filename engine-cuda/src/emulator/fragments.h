/* The fragments of ldmatrix and mma, lane by lane: PTX ISA 8.0, sections 9.7.13.4.8 and 9.7.13.4.15. */
#pragma once

inline void cp_async_16(void *to, const void *from, int given = 16) {
    emulator::copy_async(to, from, 16, given);
}
inline void cp_async_commit() {
    emulator::copy_commit();
}
template <int pending>
inline void cp_async_wait() {
    emulator::copy_wait(pending);
}

namespace emulator {

template <int count, bool transposed>
inline void load_matrices(unsigned (&r)[count], const void *row, int line) {
    if (reinterpret_cast<uintptr_t>(row) % 16 != 0 && lane() < 8 * count) {
        fault("loads a row of a matrix in line %d from %p, which is not aligned to 16 bytes", line, row);
    }
    const Slot *slots = exchange(~0u, "ldmatrix", line, &row, sizeof row);
    for (int i = 0; i < count; i++) {
        unsigned short pair[2];
        for (int j = 0; j < 2; j++) {
            const int outer = lane() / 4, inner = 2 * (lane() % 4) + j;
            const int y = transposed ? inner : outer, x = transposed ? outer : inner;
            pair[j] = from_lane<const unsigned short *>(slots, 8 * i + y)[x];
        }
        r[i] = pair[0] | static_cast<unsigned>(pair[1]) << 16;
    }
    /* nobody overwrites the rows before all have read: as one instruction would have it */
    exchange(~0u, "ldmatrix", line, nullptr, 0);
}

struct Operands {
    unsigned a[4], b[2];
};

/* Element i (0 or 1) of a register. */
template <float decode(unsigned short)>
inline float element(unsigned word, int i) {
    return decode(static_cast<unsigned short>(word >> (16 * i)));
}

template <float decode(unsigned short)>
inline void multiply(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], int line) {
    const Operands mine = {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}};
    const Slot *slots = exchange(~0u, "mma", line, &mine, sizeof mine);
    for (int i = 0; i < 4; i++) {
        const int row = lane() / 4 + 8 * (i / 2), col = 2 * (lane() % 4) + i % 2;
        double sum = d[i];
        for (int k = 0; k < 16; k++) {
            const Operands left = from_lane<Operands>(slots, row % 8 * 4 + k % 8 / 2);
            const Operands right = from_lane<Operands>(slots, col * 4 + k % 8 / 2);
            sum += static_cast<double>(element<decode>(left.a[row / 8 + 2 * (k / 8)], k % 2)) *
                   element<decode>(right.b[k / 8], k % 2);
        }
        d[i] = static_cast<float>(sum);
    }
}

}  // namespace emulator

inline void ldmatrix_x4(unsigned (&r)[4], const void *row, int line = __builtin_LINE()) {
    emulator::load_matrices<4, false>(r, row, line);
}
inline void ldmatrix_x4_trans(unsigned (&r)[4], const void *row, int line = __builtin_LINE()) {
    emulator::load_matrices<4, true>(r, row, line);
}
inline void ldmatrix_x2(unsigned (&r)[2], const void *row, int line = __builtin_LINE()) {
    emulator::load_matrices<2, false>(r, row, line);
}
inline void ldmatrix_x2_trans(unsigned (&r)[2], const void *row, int line = __builtin_LINE()) {
    emulator::load_matrices<2, true>(r, row, line);
}

/* The tensor core's own order of summation is nobody's promise: this one rounds once. */
inline void mma_m16n8k16_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2],
                              int line = __builtin_LINE()) {
    emulator::multiply<emulator::bfloat_to_float>(d, a, b, line);
}
inline void mma_m16n8k16_f16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], int line = __builtin_LINE()) {
    emulator::multiply<emulator::half_to_float>(d, a, b, line);
}
