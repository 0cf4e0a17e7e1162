/*
 * Dot products of DOT_M rows of x with four rows of weights: lanes run along the rows, so that a weight is read as it is
 * stored, and the order of summation is the same for one row as for many. Include with
 *   DOT_TILE              the function's name
 *   DOT_LOAD(row, k)      VL weights from element k of a row on
 *   DOT_LOAD_PART(row, k, n)   n of them, the rest zero
 */

INLINE void DOT_TILE(const int m, const float *x, int64_t ldx, const char *const w[4], int64_t count, v4 *sums) {
    vf acc[DOT_M][4];
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < 4; j++) acc[i][j] = vzero();
    }
    const char *w0 = w[0], *w1 = w[1], *w2 = w[2], *w3 = w[3];
    int64_t k = 0;
    for (; k + VL <= count; k += VL) {
        vf b0 = DOT_LOAD(w0, k), b1 = DOT_LOAD(w1, k), b2 = DOT_LOAD(w2, k), b3 = DOT_LOAD(w3, k);
        UNROLL for (int i = 0; i < m; i++) {
            vf a = vload(x + i * ldx + k);
            acc[i][0] = vfma(a, b0, acc[i][0]);
            acc[i][1] = vfma(a, b1, acc[i][1]);
            acc[i][2] = vfma(a, b2, acc[i][2]);
            acc[i][3] = vfma(a, b3, acc[i][3]);
        }
    }
    if (k < count) {
        int64_t n = count - k;
        vf b0 = DOT_LOAD_PART(w0, k, n), b1 = DOT_LOAD_PART(w1, k, n);
        vf b2 = DOT_LOAD_PART(w2, k, n), b3 = DOT_LOAD_PART(w3, k, n);
        UNROLL for (int i = 0; i < m; i++) {
            vf a = vload_part(x + i * ldx + k, n);
            acc[i][0] = vfma(a, b0, acc[i][0]);
            acc[i][1] = vfma(a, b1, acc[i][1]);
            acc[i][2] = vfma(a, b2, acc[i][2]);
            acc[i][3] = vfma(a, b3, acc[i][3]);
        }
    }
    UNROLL for (int i = 0; i < m; i++) sums[i] = vsum4(acc[i][0], acc[i][1], acc[i][2], acc[i][3]);
}
