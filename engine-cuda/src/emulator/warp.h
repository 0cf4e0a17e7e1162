/* Barriers, votes and shuffles; and, fragment by fragment, what device.cuh writes in PTX for a GPU. */
#pragma once

#define __syncthreads() emulator::barrier(__LINE__)
#define __syncthreads_count(condition) emulator::barrier_count((condition) != 0, __LINE__)
#define __syncthreads_or(condition) (emulator::barrier_count((condition) != 0, __LINE__) != 0)
#define __syncthreads_and(condition) (emulator::barrier_count((condition) == 0, __LINE__) == 0)

inline void __syncwarp(unsigned mask = ~0u, int line = __builtin_LINE()) {
    emulator::exchange(mask, "__syncwarp", line, nullptr, 0);
}

inline unsigned __ballot_sync(unsigned mask, int condition, int line = __builtin_LINE()) {
    const unsigned holds = condition != 0;
    const emulator::Slot *slots = emulator::exchange(mask, "__ballot_sync", line, &holds, sizeof holds);
    unsigned ballot = 0;
    for (int i = 0; i < 32; i++) ballot |= (emulator::from_lane<unsigned>(slots, i) == 1u) << i;
    return ballot;
}
inline int __any_sync(unsigned mask, int condition, int line = __builtin_LINE()) {
    return __ballot_sync(mask, condition, line) != 0;
}
inline int __all_sync(unsigned mask, int condition, int line = __builtin_LINE()) {
    return __ballot_sync(mask, !condition, line) == 0;
}

/* A lane that reads from outside its segment of width lanes keeps its own value. */
template <class T>
inline T __shfl_sync(unsigned mask, T value, int from, int width = 32, int line = __builtin_LINE()) {
    const emulator::Slot *slots = emulator::exchange(mask, "__shfl_sync", line, &value, sizeof(T));
    const int lane = static_cast<int>(emulator::lane());
    return emulator::from_lane<T>(slots, (lane & ~(width - 1)) | (from & (width - 1)));
}
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, int line = __builtin_LINE()) {
    const emulator::Slot *slots = emulator::exchange(mask, "__shfl_xor_sync", line, &value, sizeof(T));
    const int lane = static_cast<int>(emulator::lane()), from = lane ^ bits;
    return emulator::from_lane<T>(slots, from >= (lane & ~(width - 1)) + width ? lane : from);
}
template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned by, int width = 32, int line = __builtin_LINE()) {
    const emulator::Slot *slots = emulator::exchange(mask, "__shfl_up_sync", line, &value, sizeof(T));
    const int lane = static_cast<int>(emulator::lane()), from = lane - static_cast<int>(by);
    return emulator::from_lane<T>(slots, from < (lane & ~(width - 1)) ? lane : from);
}
template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned by, int width = 32, int line = __builtin_LINE()) {
    const emulator::Slot *slots = emulator::exchange(mask, "__shfl_down_sync", line, &value, sizeof(T));
    const int lane = static_cast<int>(emulator::lane()), from = lane + static_cast<int>(by);
    return emulator::from_lane<T>(slots, from >= (lane & ~(width - 1)) + width ? lane : from);
}

inline int __reduce_add_sync(unsigned mask, int value, int line = __builtin_LINE()) {
    const emulator::Slot *slots = emulator::exchange(mask, "__reduce_add_sync", line, &value, sizeof value);
    int sum = 0;
    for (int i = 0; i < 32; i++) sum += mask >> i & 1 ? emulator::from_lane<int>(slots, i) : 0;
    return sum;
}
