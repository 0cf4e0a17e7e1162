/* Tiles of a sum of rows times factors. */
#ifndef ORRERY_ADD_TILE_H
#define ORRERY_ADD_TILE_H

#include "tile.h"

/* c[i, 0..n) += sum over k of a[i · am + k · ak] · panel[k, 0..n), k in order; n is at most nv · VL, that where whole. */
INLINE void add_tile_of(const int m, const int nv, const int whole, int64_t n, float *c, int64_t ldc, const float *a,
                        int64_t am, int64_t ak, const float *panel, int64_t count) {
    vf acc[TILE_M][2];
    const int64_t parts[2] = {smaller(n, VL), n - smaller(n, VL)};
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < nv; j++) {
            acc[i][j] = whole ? vload(c + i * ldc + j * VL) : vload_part(c + i * ldc + j * VL, parts[j]);
        }
    }
    for (int64_t k = 0; k < count; k++) {
        vf b[2];
        UNROLL for (int j = 0; j < nv; j++) b[j] = vload(panel + k * PANEL + j * VL);
        UNROLL for (int i = 0; i < m; i++) {
            const vf f = vset(a[i * am + k * ak]);
            UNROLL for (int j = 0; j < nv; j++) acc[i][j] = vfma(f, b[j], acc[i][j]);
        }
    }
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < nv; j++) {
            if (whole) vstore(c + i * ldc + j * VL, acc[i][j]);
            else vstore_part(c + i * ldc + j * VL, acc[i][j], parts[j]);
        }
    }
}

/* The same for up to TILE_M rows and PANEL columns. */
static void add_tile(int64_t m, int64_t cols, float *c, int64_t ldc, const float *a, int64_t am, int64_t ak,
                     const float *panel, int64_t count) {
    for (int64_t j = 0; j < cols; j += TILE_N) {
        const int64_t n = smaller(TILE_N, cols - j);
#define ADD(M, NV, WHOLE) add_tile_of(M, NV, WHOLE, n, c + j, ldc, a, am, ak, panel + j, count)
#define CASE(M)                                                                                                        \
    case M:                                                                                                            \
        if (n == TILE_N) ADD(M, 2, 1);                                                                                 \
        else if (n == VL) ADD(M, 1, 1);                                                                                \
        else if (n < VL) ADD(M, 1, 0);                                                                                 \
        else ADD(M, 2, 0);                                                                                             \
        break;
        switch (m) {
            TILE_CASES
        }
#undef CASE
#undef ADD
    }
}

#endif
