/* Random weights in the file's layouts, and what they mean, written from ggml's definitions and not from the kernels. */
#pragma once
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

using Bytes = std::vector<unsigned char>;

inline float from_half(unsigned h) {
    const int exponent = h >> 10 & 31, mantissa = h & 1023;
    const float magnitude = exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -24)
                                          : std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
    return h & 0x8000 ? -magnitude : magnitude;
}
inline unsigned short to_bf16(float x) {
    uint32_t u;
    memcpy(&u, &x, 4);
    return static_cast<unsigned short>((u + 0x7fff + (u >> 16 & 1)) >> 16);
}
inline float from_bf16(unsigned short b) {
    const uint32_t u = static_cast<uint32_t>(b) << 16;
    float x;
    memcpy(&x, &u, 4);
    return x;
}
inline float rounded(float x) { return from_bf16(to_bf16(x)); }

struct Format {
    std::string name;
    int elements, bytes, tileBytes;
    void (*decode)(const unsigned char *block, float *to);
    /* Where F16 numbers stand in a block: they have to be sane. */
    std::vector<int> halves;
};

inline unsigned half_bits(const unsigned char *p) { return p[0] | p[1] << 8; }

inline void six_bits(const unsigned char *q, int j, int &scale, int &minimum) {
    if (j < 4) {
        scale = q[j] & 63;
        minimum = q[j + 4] & 63;
    } else {
        scale = (q[j + 4] & 15) | (q[j - 4] >> 6) << 4;
        minimum = q[j + 4] >> 4 | (q[j] >> 6) << 4;
    }
}

inline const std::vector<Format> &formats() {
    static const std::vector<Format> all = {
        {"bf16", 1, 2, 8192, [](const unsigned char *b, float *to) { *to = from_bf16(static_cast<unsigned short>(half_bits(b))); }, {}},
        {"q8_0", 32, 34, 4352,
         [](const unsigned char *b, float *to) {
             for (int i = 0; i < 32; i++) to[i] = from_half(half_bits(b)) * static_cast<float>(static_cast<signed char>(b[2 + i]));
         },
         {0}},
        {"q4_0", 32, 18, 2304,
         [](const unsigned char *b, float *to) {
             for (int i = 0; i < 16; i++) {
                 to[i] = from_half(half_bits(b)) * static_cast<float>((b[2 + i] & 15) - 8);
                 to[i + 16] = from_half(half_bits(b)) * static_cast<float>((b[2 + i] >> 4) - 8);
             }
         },
         {0}},
        {"int4", 32, 19, 2432,
         [](const unsigned char *b, float *to) {
             for (int i = 0; i < 16; i++) {
                 to[i] = from_half(half_bits(b)) * static_cast<float>((b[3 + i] & 15) - (b[2] & 255));
                 to[i + 16] = from_half(half_bits(b)) * static_cast<float>((b[3 + i] >> 4) - (b[2] & 255));
             }
         },
         {0}},
        {"q4_k", 256, 144, 2304,
         [](const unsigned char *b, float *to) {
             for (int j = 0; j < 8; j++) {
                 int scale, minimum;
                 six_bits(b + 4, j, scale, minimum);
                 const float d = from_half(half_bits(b)) * static_cast<float>(scale), m = from_half(half_bits(b + 2)) * static_cast<float>(minimum);
                 for (int l = 0; l < 32; l++) to[32 * j + l] = d * static_cast<float>(b[16 + 32 * (j / 2) + l] >> (4 * (j % 2)) & 15) - m;
             }
         },
         {0, 2}},
        {"q5_k", 256, 176, 2816,
         [](const unsigned char *b, float *to) {
             for (int j = 0; j < 8; j++) {
                 int scale, minimum;
                 six_bits(b + 4, j, scale, minimum);
                 const float d = from_half(half_bits(b)) * static_cast<float>(scale), m = from_half(half_bits(b + 2)) * static_cast<float>(minimum);
                 for (int l = 0; l < 32; l++) {
                     const int q = (b[48 + 32 * (j / 2) + l] >> (4 * (j % 2)) & 15) | (b[16 + l] >> j & 1) << 4;
                     to[32 * j + l] = d * static_cast<float>(q) - m;
                 }
             }
         },
         {0, 2}},
        {"q6_k", 256, 210, 3360,
         [](const unsigned char *b, float *to) {
             for (int l = 0; l < 256; l++) {
                 const int four = b[64 * (l / 128) + l % 64] >> (4 * (l % 128 / 64)) & 15;
                 const int two = b[128 + 32 * (l / 128) + l % 32] >> (2 * (l % 128 / 32)) & 3;
                 const float d = from_half(half_bits(b + 208)) * static_cast<float>(static_cast<signed char>(b[192 + l / 16]));
                 to[l] = d * static_cast<float>((four | two << 4) - 32);
             }
         },
         {208}},
    };
    return all;
}

struct Weights {
    Bytes bytes;
    long long rowBytes;
    std::vector<float> values;
};

inline Weights random_weights(const Format &format, int rows, int columns, std::mt19937 &random, bool decode = true) {
    Weights weights;
    weights.rowBytes = static_cast<long long>(columns) / format.elements * format.bytes;
    weights.bytes.resize(rows * weights.rowBytes);
    const long long blocks = static_cast<long long>(weights.bytes.size()) / format.bytes;
    std::uniform_int_distribution<int> byte(0, 255);
    std::normal_distribution<float> normal(0, 0.05f);
    for (auto &b : weights.bytes) b = static_cast<unsigned char>(byte(random));
    if (decode) weights.values.resize(static_cast<size_t>(rows) * columns);
    for (long long i = 0; i < blocks; i++) {
        unsigned char *block = weights.bytes.data() + i * format.bytes;
        for (int at : format.halves) {
            const unsigned h = 0x1000 + random() % 0x800; /* 2^-11 to 2^-9 */
            block[at] = static_cast<unsigned char>(h), block[at + 1] = static_cast<unsigned char>(h >> 8);
        }
        if (format.name == "int4") block[2] &= 15;
        if (format.name == "bf16") {
            const unsigned short b = to_bf16(normal(random));
            memcpy(block, &b, 2);
        }
        if (decode) format.decode(block, weights.values.data() + i * format.elements);
    }
    return weights;
}

inline std::vector<float> random_values(size_t count, std::mt19937 &random) {
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> values(count);
    for (auto &v : values) v = normal(random);
    return values;
}

/* ‖a - b‖ / ‖b‖; NaN stays NaN. */
inline double distance(const std::vector<float> &a, const std::vector<double> &b) {
    double difference = 0, norm = 0;
    for (size_t i = 0; i < a.size(); i++) {
        difference += (a[i] - b[i]) * (a[i] - b[i]);
        norm += b[i] * b[i];
    }
    return std::sqrt(difference / norm);
}
