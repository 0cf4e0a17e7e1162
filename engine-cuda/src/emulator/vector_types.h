/* CUDA's built-in vectors, of the alignments that they have on the device. */
#pragma once
#include <utility>

struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

#define EMULATED_VECTORS(T, name)                                     \
    struct alignas(2 * sizeof(T)) name##2 {                           \
        T x, y;                                                       \
    };                                                                \
    struct alignas(4 * sizeof(T) > 16 ? 16 : 4 * sizeof(T)) name##4 { \
        T x, y, z, w;                                                 \
    };                                                                \
    inline name##2 make_##name##2(T x, T y) {                         \
        return {x, y};                                                \
    }                                                                 \
    inline name##4 make_##name##4(T x, T y, T z, T w) {               \
        return {x, y, z, w};                                          \
    }
EMULATED_VECTORS(float, float)
EMULATED_VECTORS(double, double)
EMULATED_VECTORS(int, int)
EMULATED_VECTORS(unsigned, uint)
EMULATED_VECTORS(signed char, char)
EMULATED_VECTORS(unsigned char, uchar)
EMULATED_VECTORS(short, short)
EMULATED_VECTORS(unsigned short, ushort)
EMULATED_VECTORS(long long, longlong)
EMULATED_VECTORS(unsigned long long, ulonglong)
#undef EMULATED_VECTORS

struct float3 {
    float x, y, z;
};
inline float3 make_float3(float x, float y, float z) {
    return {x, y, z};
}
