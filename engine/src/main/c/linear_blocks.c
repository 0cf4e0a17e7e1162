/* Projections by weights of any block format that gives a decoder: a panel of rows is decoded, then multiplied. */
#include "vec.h"

#define W_NAME(x) blocks_##x
#define W_DECODE(a, row, k, n, to) (a)->decoder(row, k, n, to)
#include "linear.h"
