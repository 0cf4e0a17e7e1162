/* Launching kernels from a C++ program that is linked with their objects: for tries at a kernel, without Java. */
#pragma once
#include <cstdio>
#include <cstdlib>

#include "vector_types.h"

extern "C" {
void *emulate_allocate(unsigned long long bytes);
int emulate_free(void *start);
const char *emulate_signature(const char *kernel);
int emulate_launch(const char *kernel, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                   unsigned blockZ, unsigned sharedBytes, void **params);
const char *emulate_error();
}

/* Arguments are taken as they are typed: write 1LL for a long long. */
template <class... A>
bool try_launch(const char *kernel, dim3 grid, dim3 block, unsigned shared, A... arguments) {
    void *params[] = {static_cast<void *>(&arguments)..., nullptr};
    return emulate_launch(kernel, grid.x, grid.y, grid.z, block.x, block.y, block.z, shared, params) == 0;
}

template <class... A>
void launch(const char *kernel, dim3 grid, dim3 block, unsigned shared, A... arguments) {
    if (!try_launch(kernel, grid, block, shared, arguments...)) {
        fprintf(stderr, "%s\n", emulate_error());
        exit(1);
    }
}

template <class T>
T *device_array(long long count) {
    return static_cast<T *>(emulate_allocate(count * sizeof(T)));
}
