/*
 * Dot products of DOT_M rows of x with four rows of weights: lanes run along the rows, so that a weight is read as it is
 * stored, and the order of summation is the same for one row as for many. Include with
 *   DOT_TILE                    the function's name
 *   DOT_LOAD(row, k, s)         VL weights from element k + s · VL of a row on, k a whole number of blocks of 32
 *   DOT_LOAD_PART(row, k, s, n) n of them, the rest zero
 *   DOT_PREFETCH(row, k)        asks for what the next tile reads; empty where that is near
 */

#define DOT_STEP(A, B)                                                                                                 \
    {                                                                                                                  \
        const vf b0 = B(w0), b1 = B(w1), b2 = B(w2), b3 = B(w3);                                                       \
        UNROLL for (int i = 0; i < m; i++) {                                                                           \
            const vf a = A(x + i * ldx);                                                                               \
            acc[i][0] = vfma(a, b0, acc[i][0]);                                                                        \
            acc[i][1] = vfma(a, b1, acc[i][1]);                                                                        \
            acc[i][2] = vfma(a, b2, acc[i][2]);                                                                        \
            acc[i][3] = vfma(a, b3, acc[i][3]);                                                                        \
        }                                                                                                              \
    }

INLINE void DOT_TILE(const int m, const float *x, int64_t ldx, const char *const w[4], int64_t ahead, int64_t count,
                     v4 *sums) {
    (void)ahead;
    vf acc[DOT_M][4];
    UNROLL for (int i = 0; i < m; i++) {
        UNROLL for (int j = 0; j < 4; j++) acc[i][j] = vzero();
    }
    const char *w0 = w[0], *w1 = w[1], *w2 = w[2], *w3 = w[3];
    int64_t k = 0;
    for (; k + 32 <= count; k += 32) {
        DOT_PREFETCH(w0 + ahead, k);
        DOT_PREFETCH(w1 + ahead, k);
        DOT_PREFETCH(w2 + ahead, k);
        DOT_PREFETCH(w3 + ahead, k);
        UNROLL for (int s = 0; s < 32 / VL; s++) {
#define A(row) vload((row) + k + s * VL)
#define B(row) DOT_LOAD(row, k, s)
            DOT_STEP(A, B)
#undef A
#undef B
        }
    }
    for (int s = 0; k + s * VL < count; s++) {
        const int64_t n = smaller(VL, count - k - s * VL);
#define A(row) vload_part((row) + k + s * VL, n)
#define B(row) DOT_LOAD_PART(row, k, s, n)
        DOT_STEP(A, B)
#undef A
#undef B
    }
    UNROLL for (int i = 0; i < m; i++) sums[i] = vsum4(acc[i][0], acc[i][1], acc[i][2], acc[i][3]);
}

#undef DOT_STEP
