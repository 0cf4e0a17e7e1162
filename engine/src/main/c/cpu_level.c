/* What this CPU and its operating system run. */
#include "vec.h"

/* 0 portable, 1 x86-64-v3, 2 AVX-512 with VNNI. */
EXPORT int64_t cpu_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    const int v4 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
    return v3 && v4 ? 2 : v3 ? 1 : 0;
#else
    return 0;
#endif
}

/* Whether it multiplies pairs of BF16 numbers. */
EXPORT int64_t cpu_has_bf16(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") ? 1 : 0;
#else
    return 0;
#endif
}
