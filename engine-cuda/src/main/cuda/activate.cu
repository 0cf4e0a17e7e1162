/*
 * Non-linearities of feed-forward layers and their slopes: Ops.activate.
 * Grid: a thread an element, 256 a block.
 */
#include "device.cuh"

/* As CudaElementwise numbers them. */
enum Activation { SILU, GELU, GELU_TANH, QUICK_GELU, RELU };

#define SQRT_2_OVER_PI 0.7978845608028654f

__device__ __forceinline__ float sigmoid(float x) {
    return 1 / (1 + expf(-x));
}

/* Half of 1 + tanh(u) is sigmoid(2u); this is u. */
__device__ __forceinline__ float tanh_argument(float x) {
    return SQRT_2_OVER_PI * (x + 0.044715f * x * x * x);
}

/* By erfc, which keeps its digits where 1 + erf would cancel. */
__device__ __forceinline__ float normal(float x) {
    return 0.5f * erfcf(-x * 0.7071067811865476f);
}

__device__ __forceinline__ float value(int activation, float x) {
    switch (activation) {
        case SILU: return x * sigmoid(x);
        case GELU: return x * normal(x);
        case GELU_TANH: return x * sigmoid(2 * tanh_argument(x));
        case QUICK_GELU: return x * sigmoid(1.702f * x);
        default: return fmaxf(x, 0);
    }
}

__device__ __forceinline__ float slope(int activation, float x) {
    switch (activation) {
        case SILU: return sigmoid(x) * (1 + x * sigmoid(-x));
        case GELU: return normal(x) + x * expf(-x * x / 2) * 0.3989422804014327f;
        case GELU_TANH: {
            const float u = 2 * tanh_argument(x);
            const float du = 2 * SQRT_2_OVER_PI * (1 + 3 * 0.044715f * x * x);
            return sigmoid(u) * (1 + x * du * sigmoid(-u));
        }
        case QUICK_GELU: return sigmoid(1.702f * x) * (1 + 1.702f * x * sigmoid(-1.702f * x));
        default: return x > 0 ? 1 : 0;
    }
}

/* y = act(gate) · up; up may be null. */
extern "C" __global__ void activate(float *y, const float *gate, const float *up, long long count, int activation) {
    const long long i = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x;
    if (i >= count) return;
    const float activated = value(activation, gate[i]);
    y[i] = up == nullptr ? activated : activated * up[i];
}

/* dGate, dUp and up may be null. */
extern "C" __global__ void activate_backward(float *dGate, float *dUp, const float *dy, const float *gate, const float *up,
                                             long long count, int activation) {
    const long long i = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x;
    if (i >= count) return;
    if (dGate != nullptr) dGate[i] += dy[i] * slope(activation, gate[i]) * (up == nullptr ? 1 : up[i]);
    if (dUp != nullptr) dUp[i] += dy[i] * value(activation, gate[i]);
}
