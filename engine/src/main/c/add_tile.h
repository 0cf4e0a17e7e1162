/* Tiles of a sum of rows times factors. */
#ifndef ORRERY_ADD_TILE_H
#define ORRERY_ADD_TILE_H

#include "tile.h"

/* c[i, 0..n) += sum over k of a[i · am + k · ak] · panel[k, 0..n), k in order; n is at most TILE_N. */
INLINE void add_tile_of(const int m, const int whole, int64_t n, float *c, int64_t ldc, const float *a, int64_t am,
                        int64_t ak, const float *panel, int64_t count) {
    vf acc[TILE_M][2];
    const int64_t n0 = smaller(n, VL), n1 = n - n0;
    UNROLL for (int i = 0; i < m; i++) {
        acc[i][0] = whole ? vload(c + i * ldc) : vload_part(c + i * ldc, n0);
        acc[i][1] = whole ? vload(c + i * ldc + VL) : vload_part(c + i * ldc + VL, n1);
    }
    for (int64_t k = 0; k < count; k++) {
        const vf b0 = vload(panel + k * PANEL), b1 = vload(panel + k * PANEL + VL);
        UNROLL for (int i = 0; i < m; i++) {
            const vf f = vset(a[i * am + k * ak]);
            acc[i][0] = vfma(f, b0, acc[i][0]);
            acc[i][1] = vfma(f, b1, acc[i][1]);
        }
    }
    UNROLL for (int i = 0; i < m; i++) {
        if (whole) {
            vstore(c + i * ldc, acc[i][0]);
            vstore(c + i * ldc + VL, acc[i][1]);
        } else {
            vstore_part(c + i * ldc, acc[i][0], n0);
            vstore_part(c + i * ldc + VL, acc[i][1], n1);
        }
    }
}

/* The same for up to TILE_M rows and PANEL columns. */
static void add_tile(int64_t m, int64_t cols, float *c, int64_t ldc, const float *a, int64_t am, int64_t ak,
                     const float *panel, int64_t count) {
    for (int64_t j = 0; j < cols; j += TILE_N) {
        const int64_t n = smaller(TILE_N, cols - j);
#define CASE(M)                                                                                                        \
    case M:                                                                                                            \
        if (n == TILE_N) add_tile_of(M, 1, n, c + j, ldc, a, am, ak, panel + j, count);                                \
        else add_tile_of(M, 0, n, c + j, ldc, a, am, ak, panel + j, count);                                            \
        break;
        switch (m) {
            TILE_CASES
        }
#undef CASE
    }
}

#endif
