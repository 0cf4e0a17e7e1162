/*
 * How fast the hot kernels are: kernels FATBINS [SECTION...]. Every time is the median of some replays of a graph of launches
 * over several copies of the weights, more than the L2 holds. Ceilings are measured in the same run.
 */
#include <algorithm>
#include <functional>

#include "attention.h"
#include "linear.h"

/* Milliseconds of one of `count` calls. */
static double milliseconds(int count, const std::function<void(int)> &call) {
    call(0);
    CHECK(cudaStreamSynchronize(stream()));
    cudaGraph_t graph;
    cudaGraphExec_t executable;
    CHECK(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeThreadLocal));
    for (int i = 0; i < count; i++) call(i);
    CHECK(cudaStreamEndCapture(stream(), &graph));
    CHECK(cudaGraphInstantiate(&executable, graph, 0));
    cudaEvent_t from, to;
    CHECK(cudaEventCreate(&from));
    CHECK(cudaEventCreate(&to));
    std::vector<float> times;
    for (int i = 0; i < 7; i++) {
        CHECK(cudaEventRecord(from, stream()));
        CHECK(cudaGraphLaunch(executable, stream()));
        CHECK(cudaEventRecord(to, stream()));
        CHECK(cudaEventSynchronize(to));
        float time;
        CHECK(cudaEventElapsedTime(&time, from, to));
        if (i > 1) times.push_back(time);
    }
    CHECK(cudaGraphExecDestroy(executable));
    CHECK(cudaGraphDestroy(graph));
    std::sort(times.begin(), times.end());
    return times[times.size() / 2] / count;
}

static double copyBandwidth = 0;

static void ceilings() {
    const size_t bytes = size_t{4} << 30;
    char *from = device_zeros<char>(bytes), *to = device_zeros<char>(bytes);
    double best = 1e9;
    cudaEvent_t begin, end;
    CHECK(cudaEventCreate(&begin));
    CHECK(cudaEventCreate(&end));
    for (int i = 0; i < 8; i++) {
        float time;
        CHECK(cudaEventRecord(begin, stream()));
        CHECK(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream()));
        CHECK(cudaEventRecord(end, stream()));
        CHECK(cudaEventSynchronize(end));
        CHECK(cudaEventElapsedTime(&time, begin, end));
        best = std::min<double>(best, time);
    }
    copyBandwidth = 2.0 * bytes / best / 1e6;
    printf("device copy: %.0f GB/s read and written\n", copyBandwidth);
    device_free(from);
    device_free(to);
}

static const Format &format_named(const std::string &name) {
    for (const Format &format : formats()) {
        if (format.name == name) return format;
    }
    exit(1);
}

/* The same random rows over and over. */
static std::vector<Packed> weights(const Format &format, int rows, int columns, int copies) {
    std::mt19937 random(7);
    const Weights some = random_weights(format, 64, columns, random, false);
    Bytes bytes(rows * some.rowBytes);
    for (size_t at = 0; at < bytes.size(); at += some.bytes.size()) {
        memcpy(bytes.data() + at, some.bytes.data(), std::min(some.bytes.size(), bytes.size() - at));
    }
    unsigned char *file = on_device(bytes);
    std::vector<Packed> all;
    for (int i = 0; i < copies; i++) all.push_back(pack(format, file, rows, columns, some.rowBytes));
    CHECK(cudaStreamSynchronize(stream()));
    device_free(file);
    return all;
}

static double bytes_of(const Packed &w) {
    return static_cast<double>(w.rows) * (w.columns / w.format->elements * w.format->bytes);
}

static float *random_on_device(size_t count) {
    std::mt19937 random(11);
    std::vector<float> some = random_values(std::min<size_t>(count, 1 << 20), random), values(count);
    for (size_t i = 0; i < count; i++) values[i] = some[(i * 7919) % some.size()];
    return on_device(values);
}

struct Product {
    int rows, columns;
};

static void few_rows(const std::vector<std::string> &names, const std::vector<Product> &products, const std::vector<int> &batches) {
    printf("%-6s %-16s %6s %12s %9s %9s %9s\n", "format", "O x I", "rows", "kernel", "us", "GB/s", "of copy");
    for (const std::string &name : names) {
        for (const Product &product : products) {
            const Format &format = format_named(name);
            const double each = static_cast<double>(product.rows) * product.columns / format.elements * format.bytes;
            const int copies = std::max(2, std::min(40, static_cast<int>(400e6 / each)));
            const std::vector<Packed> all = weights(format, product.rows, product.columns, copies);
            float *x = random_on_device(128LL * product.columns), *y = device_array<float>(128LL * product.rows);
            const Scratch scratch = {device_array<uint32_t>(16LL * up(product.columns, 256) * 1024),
                                     device_array<float>(8LL * 128 * up(product.rows, 128) * 128),
                                     device_zeros<unsigned>(up(product.rows, 128) * 8)};
            const auto line = [&](int rows, const char *kernel, double time) {
                printf("%-6s %6d x %-7d %6d %12s %9.2f %9.0f %8.0f%%\n", name.c_str(), product.rows, product.columns, rows, kernel,
                       time * 1e3, each / time / 1e6, 100 * each / time / 1e6 / copyBandwidth);
                fflush(stdout);
            };
            for (int rows : batches) {
                if (rows <= 8) {
                    line(rows, "decode", milliseconds(copies, [&](int i) { decode(y, x, all[i], nullptr, rows); }));
                } else {
                    const int width = rows <= 32 ? 32 : 64;
                    line(rows, "cast+split", milliseconds(copies, [&](int i) {
                             cast(scratch, x, rows, product.columns);
                             prefill(y, all[i], nullptr, rows, width, true, scratch);
                         }));
                    line(rows, "split", milliseconds(copies, [&](int i) { prefill(y, all[i], nullptr, rows, width, true, scratch); }));
                    line(rows, "whole", milliseconds(copies, [&](int i) { prefill(y, all[i], nullptr, rows, width, false, scratch); }));
                }
            }
            for (const Packed &w : all) device_free(w.tiles);
            for (void *memory : {static_cast<void *>(x), static_cast<void *>(y), static_cast<void *>(scratch.cast),
                                 static_cast<void *>(scratch.partial), static_cast<void *>(scratch.arrived)}) {
                device_free(memory);
            }
        }
    }
}

static void many_rows(const std::vector<std::string> &names, const std::vector<Product> &products, const std::vector<int> &batches) {
    printf("%-6s %-16s %6s %12s %9s %9s\n", "format", "O x I", "rows", "kernel", "ms", "TFLOP/s");
    for (const std::string &name : names) {
        for (const Product &product : products) {
            const std::vector<Packed> all = weights(format_named(name), product.rows, product.columns, 2);
            for (int rows : batches) {
                float *x = random_on_device(static_cast<size_t>(rows) * product.columns);
                float *y = device_array<float>(static_cast<long long>(rows) * product.rows);
                uint32_t *image = device_array<uint32_t>(up(rows, 128) * up(product.columns, 256) * 16384LL);
                const Scratch scratch = {image, nullptr, nullptr};
                const auto line = [&](const char *kernel, double time) {
                    printf("%-6s %6d x %-7d %6d %12s %9.3f %9.1f\n", name.c_str(), product.rows, product.columns, rows, kernel, time,
                           2.0 * rows * product.rows * product.columns / time / 1e9);
                    fflush(stdout);
                };
                cast(scratch, x, rows, product.columns);
                line("mma 64", milliseconds(4, [&](int i) { prefill(y, all[i % 2], nullptr, rows, 64, false, scratch); }));
                line("cast hopper", milliseconds(4, [&](int) { cast_hopper(image, x, rows, product.columns); }));
                line("hopper", milliseconds(4, [&](int i) { hopper(y, image, all[i % 2], nullptr, rows); }));
                device_free(x);
                device_free(y);
                device_free(image);
            }
            for (const Packed &w : all) device_free(w.tiles);
        }
    }
}

static void attention_times() {
    const Heads heads = {32, 8, 128, 1, 0};
    printf("%-28s %9s %9s %9s\n", "attention 32/8 heads of 128", "us", "GB/s", "TFLOP/s");
    const int cases[][3] = {{1, 1, 512}, {1, 1, 4096}, {1, 1, 32768}, {32, 1, 512}, {64, 1, 1024}, {1, 512, 512}, {1, 4096, 4096}};
    for (const auto &[sequences, tokens, context] : cases) {
        Step step = {std::vector<int>(sequences, tokens), std::vector<int>(sequences, context), {}, 16};
        int next = 0;
        for (int s = 0; s < sequences; s++) {
            step.tables.emplace_back();
            for (int i = 0; i < up(context, 16); i++) step.tables.back().push_back(next++);
        }
        const size_t cache = static_cast<size_t>(next) * 16 * heads.kvHeads * heads.dim;
        const int copies = std::max<int>(1, std::min<int>(8, static_cast<int>(200e6 / (8.0 * cache))));
        float *k = random_on_device(cache * copies), *v = random_on_device(cache * copies);
        float *q = random_on_device(static_cast<size_t>(sequences) * tokens * heads.heads * heads.dim);
        float *y = device_array<float>(static_cast<long long>(sequences) * tokens * heads.heads * heads.dim);
        const Attention attention(step, heads);
        unsigned *arrived = device_zeros<unsigned>(attention.entries * heads.kvHeads);
        for (int perBlock : {0, 1, 2, 4, 8}) {
            if (tokens > 1 && perBlock) continue;
            float *partial = perBlock ? device_array<float>(static_cast<long long>(attention.partialFloats(heads, perBlock))) : nullptr;
            const double time = milliseconds(copies * 2, [&](int i) {
                attention.run(y, q, k + i % copies * cache, v + i % copies * cache, heads, 16, 0.088f, perBlock, partial, arrived);
            });
            const double pairs = tokens == 1 ? 1.0 * context : 0.5 * context * context;
            printf("%3d x %5d of %6d, %2d units %9.2f %9.0f %9.1f\n", sequences, tokens, context, perBlock, time * 1e3,
                   8.0 * sequences * context * heads.kvHeads * heads.dim / time / 1e6,
                   4.0 * sequences * pairs * heads.heads * heads.dim / time / 1e9);
            fflush(stdout);
            if (partial) device_free(partial);
        }
        for (float *memory : {k, v, q, y}) device_free(memory);
    }
}

int main(int count, char **arguments) {
    open_device(arguments[1]);
    const auto wanted = [&](const char *section) {
        return count == 2 || std::any_of(arguments + 2, arguments + count, [&](char *a) { return !strcmp(a, section); });
    };
    ceilings();
    if (wanted("decode")) {
        few_rows({"bf16", "q8_0", "q4_k", "q4_0"}, {{4096, 4096}, {14336, 4096}, {4096, 14336}, {1024, 4096}}, {1});
        few_rows({"q5_k", "q6_k", "int4"}, {{14336, 4096}}, {1});
        few_rows({"bf16", "q4_k"}, {{128256, 4096}, {3072, 1024}}, {1});
    }
    if (wanted("batch")) few_rows({"bf16", "q4_k"}, {{4096, 4096}, {14336, 4096}}, {4, 8, 16, 32, 64});
    if (wanted("prefill")) {
        many_rows({"bf16", "q8_0", "q4_k"}, {{4096, 4096}, {14336, 4096}}, {512, 2048});
        many_rows({"bf16", "q4_k"}, {{8192, 8192}}, {8192});
    }
    if (wanted("attention")) attention_times();
    return 0;
}
