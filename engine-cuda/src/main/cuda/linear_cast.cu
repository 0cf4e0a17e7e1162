/*
 * linear_cast(to, x, T, I): x as fragments B in bf16, [ceil(T / 8)][ceil(I / 256)][8][32 lanes][16 bytes], zero outside: what
 * linear_prefill.cuh reads.
 * Grid: (ceil(T / 8), ceil(I / 256)), block: 256 threads. Reads 4 and writes 2 bytes an element. Ceiling: the memory.
 */
#include "packed.cuh"

extern "C" __global__ void __launch_bounds__(256) linear_cast(uint4 *to, const float *x, int rows, int in) {
    const int lane = threadIdx.x % 32, block = threadIdx.x / 32;
    const int row = blockIdx.x * 8 + lane / 4, column = blockIdx.y * packed::COLUMNS + block * 32 + lane % 4 * 8;
    float v[8];
    const float *from = x + static_cast<long long>(row) * in + column;
    if (row < rows && column + 8 <= in && in % 4 == 0) {
        const float4 low = reinterpret_cast<const float4 *>(from)[0], high = reinterpret_cast<const float4 *>(from)[1];
        v[0] = low.x, v[1] = low.y, v[2] = low.z, v[3] = low.w;
        v[4] = high.x, v[5] = high.y, v[6] = high.z, v[7] = high.w;
    } else {
#pragma unroll
        for (int i = 0; i < 8; i++) v[i] = row < rows && column + i < in ? from[i] : 0;
    }
    to[(static_cast<long long>(blockIdx.x) * gridDim.y + blockIdx.y) * 256 + threadIdx.x] = {
        packed::bf16_pair(v[0], v[1]), packed::bf16_pair(v[2], v[3]), packed::bf16_pair(v[4], v[5]),
        packed::bf16_pair(v[6], v[7])};
}
