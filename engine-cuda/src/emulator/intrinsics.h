/* Arithmetic, bits, memory and atomics of one thread. */
#pragma once

inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
inline unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }
inline long min(long a, long b) { return a < b ? a : b; }
inline long max(long a, long b) { return a > b ? a : b; }
inline long long min(long long a, long long b) { return a < b ? a : b; }
inline long long max(long long a, long long b) { return a > b ? a : b; }
inline unsigned long long min(unsigned long long a, unsigned long long b) { return a < b ? a : b; }
inline unsigned long long max(unsigned long long a, unsigned long long b) { return a > b ? a : b; }
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

inline float rsqrtf(float x) { return 1 / sqrtf(x); }
inline double rsqrt(double x) { return 1 / sqrt(x); }
inline float __expf(float x) { return expf(x); }
inline float __exp2f(float x) { return exp2f(x); }
inline float __logf(float x) { return logf(x); }
inline float __log2f(float x) { return log2f(x); }
inline float __cosf(float x) { return cosf(x); }
inline float __sinf(float x) { return sinf(x); }
inline float __powf(float x, float y) { return powf(x, y); }
inline float __fdividef(float x, float y) { return x / y; }
inline float __fdiv_rn(float x, float y) { return x / y; }
inline float __frcp_rn(float x) { return 1 / x; }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
inline float __frsqrt_rn(float x) { return 1 / sqrtf(x); }
inline float __fmul_rn(float x, float y) { return x * y; }
inline float __fadd_rn(float x, float y) { return x + y; }
inline float __fsub_rn(float x, float y) { return x - y; }
inline float __fmaf_rn(float x, float y, float z) { return fmaf(x, y, z); }
inline double __dmul_rn(double x, double y) { return x * y; }
inline double __dadd_rn(double x, double y) { return x + y; }
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
inline int __float2int_rn(float x) { return static_cast<int>(nearbyintf(x)); }
inline int __float2int_rz(float x) { return static_cast<int>(x); }
inline int __float2int_rd(float x) { return static_cast<int>(floorf(x)); }
inline float __double2float_rn(double x) { return static_cast<float>(x); }

namespace emulator {
template <class To, class From>
inline To bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "other size");
    To to;
    memcpy(&to, &from, sizeof(To));
    return to;
}
}  // namespace emulator

inline float __int_as_float(int x) { return emulator::bits<float>(x); }
inline float __uint_as_float(unsigned x) { return emulator::bits<float>(x); }
inline int __float_as_int(float x) { return emulator::bits<int>(x); }
inline unsigned __float_as_uint(float x) { return emulator::bits<unsigned>(x); }
inline double __longlong_as_double(long long x) { return emulator::bits<double>(x); }
inline long long __double_as_longlong(double x) { return emulator::bits<long long>(x); }

inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline unsigned __brev(unsigned x) {
    unsigned y = 0;
    for (int i = 0; i < 32; i++) y |= (x >> i & 1) << (31 - i);
    return y;
}

/* prmt.b32 without its replicating modes. */
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
    const unsigned long long both = static_cast<unsigned long long>(y) << 32 | x;
    unsigned result = 0;
    for (int i = 0; i < 4; i++) {
        const unsigned which = selector >> (4 * i);
        unsigned byte = both >> (8 * (which & 7)) & 0xff;
        if (which & 8) byte = byte & 0x80 ? 0xff : 0;
        result |= byte << (8 * i);
    }
    return result;
}

inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
    return (static_cast<unsigned long long>(high) << 32 | low) >> (shift & 31);
}
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
    return ((static_cast<unsigned long long>(high) << 32 | low) << (shift & 31)) >> 32;
}

inline int __dp4a(int a, int b, int c) {
    for (int i = 0; i < 32; i += 8) c += static_cast<signed char>(a >> i) * static_cast<signed char>(b >> i);
    return c;
}
inline unsigned __dp4a(unsigned a, unsigned b, unsigned c) {
    for (int i = 0; i < 32; i += 8) c += (a >> i & 0xff) * (b >> i & 0xff);
    return c;
}

/* Bytewise a - b, as SIMD video instructions have it. */
inline unsigned __vsub4(unsigned a, unsigned b) {
    unsigned result = 0;
    for (int i = 0; i < 32; i += 8) result |= (((a >> i) - (b >> i)) & 0xff) << i;
    return result;
}
inline unsigned __vadd4(unsigned a, unsigned b) {
    unsigned result = 0;
    for (int i = 0; i < 32; i += 8) result |= (((a >> i) + (b >> i)) & 0xff) << i;
    return result;
}

template <class T> inline T __ldg(const T *from) { return *from; }
template <class T> inline T __ldcs(const T *from) { return *from; }
template <class T> inline T __ldcg(const T *from) { return *from; }
template <class T> inline T __ldca(const T *from) { return *from; }
template <class T> inline void __stcs(T *to, T value) { *to = value; }
template <class T> inline void __stcg(T *to, T value) { *to = value; }

inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}

/* Nothing else runs between two switches of fibers, so that plain accesses are atomic; races.cpp is told of none. */
#define EMULATED_ATOMIC __attribute__((noinline, unused, no_sanitize("thread")))

namespace emulator {
template <class T>
struct Same {
    using type = T;
};
/* T, but no argument that T is deduced from. */
template <class T>
using same = typename Same<T>::type;

template <class T>
EMULATED_ATOMIC T replace(T *at, T value) {
    const T before = *at;
    *at = value;
    return before;
}
}  // namespace emulator

template <class T> EMULATED_ATOMIC T atomicAdd(T *at, emulator::same<T> value) {
    return emulator::replace(at, static_cast<T>(*at + value));
}
template <class T> EMULATED_ATOMIC T atomicSub(T *at, emulator::same<T> value) {
    return emulator::replace(at, static_cast<T>(*at - value));
}
template <class T> EMULATED_ATOMIC T atomicMax(T *at, emulator::same<T> value) {
    return emulator::replace(at, *at > value ? *at : value);
}
template <class T> EMULATED_ATOMIC T atomicMin(T *at, emulator::same<T> value) {
    return emulator::replace(at, *at < value ? *at : value);
}
template <class T> EMULATED_ATOMIC T atomicOr(T *at, emulator::same<T> value) { return emulator::replace(at, *at | value); }
template <class T> EMULATED_ATOMIC T atomicAnd(T *at, emulator::same<T> value) { return emulator::replace(at, *at & value); }
template <class T> EMULATED_ATOMIC T atomicExch(T *at, emulator::same<T> value) { return emulator::replace(at, value); }
template <class T> EMULATED_ATOMIC T atomicCAS(T *at, emulator::same<T> compare, emulator::same<T> value) {
    return emulator::replace(at, *at == compare ? value : *at);
}
inline EMULATED_ATOMIC unsigned atomicInc(unsigned *at, unsigned limit) {
    return emulator::replace(at, *at >= limit ? 0 : *at + 1);
}
