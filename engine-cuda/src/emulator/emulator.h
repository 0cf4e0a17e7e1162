/*
 * What a .cu file sees when g++ compiles it: the part of CUDA C++ that the kernels use. A block's threads are fibers of one
 * host thread, blocks run one after the other; see emulator.cpp.
 *
 * Stricter than a GPU where a GPU is lenient: threads that leave before a barrier, barriers and warp operations that lanes
 * reach at different lines, accesses past an allocation or past dynamic shared memory, and arrays indexed past their end
 * stop the launch with kernel, block and thread. Memory nobody wrote holds NaN.
 */
#pragma once
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "vector_types.h"

/* build.sh lists the kernels of a file by this word in its preprocessed text. */
#ifdef EMULATED_LISTING
#define __global__ emulated_global
#else
#define __global__
#endif
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(...)
#ifndef EMULATED_SHARED
#define EMULATED_SHARED emulated_shared
#endif
#define EMULATED_STRING(x) #x
#define EMULATED_SECTION(x) EMULATED_STRING(x)
/* Blocks run one after the other, so that a block's shared memory is a variable. */
#define __shared__ static __attribute__((section(EMULATED_SECTION(EMULATED_SHARED))))

namespace emulator {

struct Thread {
    uint3 threadIdx;
};

extern Thread *current;
extern uint3 block;
extern dim3 blockSize, gridSize;

[[noreturn]] void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

void barrier(int line);

/* What a barrier gathers: how many threads hold the condition. */
int barrier_count(bool condition, int line);

/* Payload a lane hands over in a warp operation. */
constexpr int PAYLOAD = 32;
struct Slot {
    alignas(16) unsigned char bytes[PAYLOAD];
};

/*
 * Every lane of the mask hands bytes over and sees those of all 32 lanes; a lane that takes no part left NaN. Valid until
 * the lane's next warp operation.
 */
const Slot *exchange(unsigned mask, const char *operation, int line, const void *payload, int bytes);

unsigned lane();

unsigned char *dynamic_shared();

/* cp.async: the destination is undefined from here until the copy is waited for. */
void copy_async(void *to, const void *from, int bytes, int given);
void copy_commit();
void copy_wait(int pending);

template <class T>
T from_lane(const Slot *slots, int lane) {
    T value;
    static_assert(sizeof(T) <= PAYLOAD, "too large for a warp operation");
    memcpy(&value, slots[lane & 31].bytes, sizeof(T));
    return value;
}

/* Launching: a kernel with its parameter types, which the generated end of each file registers. */
struct Kernel {
    const char *name;
    void (*invoke)(void (*)(), void **);
    void (*function)();
    const char *signature;
    unsigned char *sharedBegin, *sharedEnd;
    Kernel *next;
};

void enlist(Kernel *kernel);

template <class T>
constexpr char kind() {
    using Plain = std::remove_cv_t<T>;
    if (std::is_pointer_v<Plain>) return 'p';
    if (std::is_same_v<Plain, float>) return 'f';
    if (std::is_same_v<Plain, double>) return 'd';
    if (std::is_integral_v<Plain> && sizeof(Plain) == 4) return 'i';
    if (std::is_integral_v<Plain> && sizeof(Plain) == 8) return 'l';
    return '?';
}

template <class F>
struct Launcher;

template <class... A>
struct Launcher<void(A...)> {
    static constexpr char signature[] = {kind<A>()..., 0};

    template <size_t... I>
    static void call(void (*function)(), void **params, std::index_sequence<I...>) {
        reinterpret_cast<void (*)(A...)>(function)(*static_cast<std::remove_reference_t<A> *>(params[I])...);
    }

    static void invoke(void (*function)(), void **params) {
        call(function, params, std::index_sequence_for<A...>());
    }
};

template <class... A>
constexpr char Launcher<void(A...)>::signature[];

struct Registration {
    Kernel kernel;

    template <class... A>
    Registration(const char *name, void (*function)(A...), unsigned char *begin, unsigned char *end) {
        kernel = {name,
                  Launcher<void(A...)>::invoke,
                  reinterpret_cast<void (*)()>(function),
                  Launcher<void(A...)>::signature,
                  begin,
                  end,
                  nullptr};
        enlist(&kernel);
    }
};

}  // namespace emulator

#define EMULATED_JOIN(a, b) a##b
#define EMULATED_BOUND(which, section) EMULATED_JOIN(which, section)
extern "C" {
extern unsigned char EMULATED_BOUND(__start_, EMULATED_SHARED)[] __attribute__((weak, visibility("hidden")));
extern unsigned char EMULATED_BOUND(__stop_, EMULATED_SHARED)[] __attribute__((weak, visibility("hidden")));
}
#define EMULATED_KERNEL(name)                                                                       \
    static emulator::Registration registration_of_##name(                                           \
        #name, name, EMULATED_BOUND(__start_, EMULATED_SHARED), EMULATED_BOUND(__stop_, EMULATED_SHARED));

#define threadIdx (emulator::current->threadIdx)
#define blockIdx (emulator::block)
#define blockDim (emulator::blockSize)
#define gridDim (emulator::gridSize)
#define warpSize 32

#include "intrinsics.h"

#include "half.h"

#include "warp.h"
