/* Device memory and launches: on a GPU through the CUDA runtime, from the fatbins that the build makes; with -DEMULATED on the host. */
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

#ifdef EMULATED

#include "launch.h"

template <class T>
T *on_device(const std::vector<T> &values) {
    T *to = device_array<T>(static_cast<long long>(values.size()));
    memcpy(to, values.data(), values.size() * sizeof(T));
    return to;
}
template <class T>
std::vector<T> from_device(const T *from, size_t count) {
    return std::vector<T>(from, from + count);
}
template <class T>
T *device_zeros(long long count) {
    T *to = device_array<T>(count);
    memset(to, 0, count * sizeof(T));
    return to;
}
inline void device_free(void *memory) { emulate_free(memory); }
inline void open_device(const char *) {}

#else

#include <cuda_runtime.h>
#include <dirent.h>

#include <map>

#define CHECK(call)                                                                             \
    do {                                                                                        \
        const cudaError_t result = (call);                                                      \
        if (result != cudaSuccess) {                                                            \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(result)); \
            exit(1);                                                                            \
        }                                                                                       \
    } while (0)

inline std::vector<cudaLibrary_t> &libraries() {
    static std::vector<cudaLibrary_t> all;
    return all;
}

/* Loads every fatbin of a folder. */
inline void open_device(const char *folder) {
    DIR *dir = opendir(folder);
    if (!dir) {
        perror(folder);
        exit(1);
    }
    while (const dirent *entry = readdir(dir)) {
        const std::string name = entry->d_name;
        if (name.size() < 8 || name.substr(name.size() - 7) != ".fatbin") continue;
        cudaLibrary_t library;
        CHECK(cudaLibraryLoadFromFile(&library, (std::string(folder) + "/" + name).c_str(), nullptr, nullptr, 0, nullptr,
                                      nullptr, 0));
        libraries().push_back(library);
    }
    closedir(dir);
}

inline cudaKernel_t kernel_named(const std::string &name) {
    static std::map<std::string, cudaKernel_t> found;
    const auto known = found.find(name);
    if (known != found.end()) return known->second;
    for (cudaLibrary_t library : libraries()) {
        cudaKernel_t kernel;
        if (cudaLibraryGetKernel(&kernel, library, name.c_str()) == cudaSuccess) return found[name] = kernel;
    }
    fprintf(stderr, "there is no kernel %s\n", name.c_str());
    exit(1);
}

inline cudaStream_t &stream() {
    static cudaStream_t one = [] {
        cudaStream_t created;
        CHECK(cudaStreamCreateWithFlags(&created, cudaStreamNonBlocking));
        return created;
    }();
    return one;
}

/* Dynamic shared memory past 48 KiB has to be asked for once. */
template <class... A>
void launch(const char *name, dim3 grid, dim3 block, unsigned shared, A... arguments) {
    static std::map<std::string, unsigned> allowed;
    const cudaKernel_t kernel = kernel_named(name);
    if (shared > 49152 && allowed[name] < shared) {
        CHECK(cudaKernelSetAttributeForDevice(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared), 0));
        allowed[name] = shared;
    }
    void *params[] = {static_cast<void *>(&arguments)..., nullptr};
    const cudaError_t result = cudaLaunchKernel(reinterpret_cast<const void *>(kernel), grid, block, params, shared, stream());
    if (result != cudaSuccess) {
        fprintf(stderr, "launch of %s: %s\n", name, cudaGetErrorString(result));
        exit(1);
    }
}

template <class T>
T *device_array(long long count) {
    void *memory;
    CHECK(cudaMalloc(&memory, count * sizeof(T)));
    CHECK(cudaMemset(memory, 0xff, count * sizeof(T)));
    CHECK(cudaDeviceSynchronize());
    return static_cast<T *>(memory);
}
template <class T>
T *device_zeros(long long count) {
    T *memory = device_array<T>(count);
    CHECK(cudaMemset(memory, 0, count * sizeof(T)));
    CHECK(cudaDeviceSynchronize());
    return memory;
}
template <class T>
T *on_device(const std::vector<T> &values) {
    T *to = device_array<T>(static_cast<long long>(values.size()));
    CHECK(cudaMemcpy(to, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice));
    return to;
}
template <class T>
std::vector<T> from_device(const T *from, size_t count) {
    std::vector<T> values(count);
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpy(values.data(), from, count * sizeof(T), cudaMemcpyDeviceToHost));
    return values;
}
inline void device_free(void *memory) { CHECK(cudaFree(memory)); }

#endif
