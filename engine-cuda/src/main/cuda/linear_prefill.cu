/* linear_prefill.cuh for bf16 and formats of 32 columns a block. */
#include "linear_prefill.cuh"

FORMAT(bf16, Bf16)
FORMAT(q8_0, Q8_0)
FORMAT(q4_0, Q4_0)
FORMAT(int4, Int4)
