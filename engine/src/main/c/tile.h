/* Sizes of the tiles that products are made of. */
#ifndef ORRERY_TILE_H
#define ORRERY_TILE_H

#include "vec.h"

/* Rows of x that a task of a projection takes. */
#define LINEAR_ROWS 256
/* Columns of a panel: one Q8_0 block. */
#define PANEL 32
#define TILE_N (2 * VL)

#if DOT_M == 6
#define DOT_CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#elif DOT_M == 3
#define DOT_CASES CASE(1) CASE(2) CASE(3)
#else
#define DOT_CASES CASE(1) CASE(2)
#endif

#if TILE_M == 12
#define TILE_CASES                                                                                                     \
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#elif TILE_M == 6
#define TILE_CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#else
#define TILE_CASES CASE(1) CASE(2) CASE(3) CASE(4)
#endif

#endif
