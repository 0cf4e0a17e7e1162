/* linear_prefill.cuh for the K-quants. */
#include "linear_prefill.cuh"

FORMAT(q4_k, Q4_K)
FORMAT(q5_k, Q5_K)
FORMAT(q6_k, Q6_K)
