/* The fast kernels against double precision, and rows against themselves in other batches. check FATBINS, or none where emulated. */
#include <algorithm>

#include "attention.h"
#include "linear.h"

static int failures = 0;

static void expect(bool holds, const std::string &what) {
    if (!holds) {
        printf("FAILED %s\n", what.c_str());
        failures++;
    }
}

static void check_linear(const Format &format, int T, int I, int O, bool bias, std::mt19937 &random) {
    const std::string name = format.name + " T=" + std::to_string(T) + " I=" + std::to_string(I) + " O=" + std::to_string(O);
    const Weights w = random_weights(format, O, I, random);
    const std::vector<float> x = random_values(static_cast<size_t>(T) * I, random), b = random_values(O, random);
    unsigned char *file = on_device(w.bytes);
    float *dx = on_device(x), *db = bias ? on_device(b) : nullptr;
    const Packed packed = pack(format, file, O, I, w.rowBytes);

    float *plain = device_array<float>(static_cast<long long>(O) * I);
    launch(("unpack_" + format.name).c_str(), dim3(O, up(I, 1024)), dim3(256), 0, plain,
           static_cast<const unsigned char *>(packed.tiles), static_cast<const int *>(nullptr), 0, I);
    expect(from_device(plain, w.values.size()) == w.values, name + ": unpacked weights are other weights");

    std::vector<double> reference(static_cast<size_t>(T) * O);
    for (int o = 0; o < O; o++) {
        for (int t = 0; t < T; t++) {
            double sum = bias ? b[o] : 0;
            for (int i = 0; i < I; i++) {
                sum += static_cast<double>(rounded(x[static_cast<size_t>(t) * I + i])) *
                       rounded(w.values[static_cast<size_t>(o) * I + i]);
            }
            reference[static_cast<size_t>(t) * O + o] = sum;
        }
    }

    /* Row by row, then all together in every way. */
    std::vector<float> rows;
    for (int t = 0; t < T; t++) {
        float *y = device_array<float>(O);
        decode(y, dx + static_cast<size_t>(t) * I, packed, db, 1);
        const std::vector<float> row = from_device(y, O);
        rows.insert(rows.end(), row.begin(), row.end());
        device_free(y);
    }
    const double error = distance(rows, reference);
    printf("%-34s %.2e\n", name.c_str(), error);
    /* Scales of formats below eight bits are rounded to bf16, and so are products. */
    const double allowed = format.name == "bf16" || format.name == "q8_0" ? 1e-4 : 6e-3;
    expect(error < allowed, name + ": decode is off");
    if (T <= 8) {
        float *y = device_array<float>(static_cast<long long>(T) * O);
        decode(y, dx, packed, db, T);
        expect(from_device(y, rows.size()) == rows, name + ": rows differ in a batch");
        device_free(y);
    }
    const Scratch scratch = {device_array<uint32_t>(up(T, 8) * up(I, 256) * 1024LL),
                             device_array<float>(8LL * up(T, 32) * 32 * up(O, 128) * 128 * 4), device_zeros<unsigned>(4096)};
    cast(scratch, dx, T, I);
    for (int width : {32, 64}) {
        for (bool split : {false, true}) {
            float *y = device_array<float>(static_cast<long long>(T) * O);
            prefill(y, packed, db, T, width, split, scratch);
            expect(from_device(y, rows.size()) == rows,
                   name + ": rows differ in a prefill of " + std::to_string(width) + (split ? ", split" : ""));
            device_free(y);
        }
    }
#ifndef EMULATED
    {
        uint32_t *cast = device_array<uint32_t>(up(T, 128) * up(I, 256) * 16384LL);
        float *y = device_array<float>(static_cast<long long>(T) * O);
        cast_hopper(cast, dx, T, I);
        hopper(y, cast, packed, db, T);
        const std::vector<float> values = from_device(y, rows.size());
        const double off = distance(values, reference);
        expect(off < allowed, name + ": hopper is off by " + std::to_string(off));
        expect(values == rows, name + ": rows differ in hopper, which is off by " + std::to_string(off));
        device_free(y);
        device_free(cast);
    }
#endif
    for (void *memory : {static_cast<void *>(file), static_cast<void *>(dx), static_cast<void *>(db),
                         static_cast<void *>(packed.tiles), static_cast<void *>(plain), static_cast<void *>(scratch.cast),
                         static_cast<void *>(scratch.partial), static_cast<void *>(scratch.arrived)}) {
        if (memory) device_free(memory);
    }
}

/* A step of sequences with scattered blocks, whole, split over blocks, and token by token. */
static void check_attention(const Heads &heads, const std::vector<int> &tokens, const std::vector<int> &contexts,
                            int blockSize, std::mt19937 &random) {
    const int D = heads.dim, group = heads.heads / heads.kvHeads, width = heads.heads * D, kvWidth = heads.kvHeads * D;
    std::string name = "attention D=" + std::to_string(D) + " group=" + std::to_string(group) + " window=" +
                       std::to_string(heads.window) + (heads.causal ? "" : " both ways");
    Step step = {tokens, contexts, {}, blockSize};
    int T = 0, blocks = 0;
    for (size_t s = 0; s < tokens.size(); s++) T += tokens[s], blocks += up(contexts[s], blockSize);
    std::vector<int> order(blocks + 2);
    for (size_t i = 0; i < order.size(); i++) order[i] = static_cast<int>(i);
    std::shuffle(order.begin(), order.end(), random);
    for (int context : contexts) {
        const int count = up(context, blockSize);
        step.tables.emplace_back(order.end() - count, order.end());
        order.resize(order.size() - count);
    }
    const int slots = (blocks + 2) * blockSize;
    const std::vector<float> q = random_values(static_cast<size_t>(T) * width, random);
    const std::vector<float> k = random_values(static_cast<size_t>(slots) * kvWidth, random);
    const std::vector<float> v = random_values(static_cast<size_t>(slots) * kvWidth, random);
    const float scale = 1 / std::sqrt(static_cast<float>(D));
    std::vector<double> reference(static_cast<size_t>(T) * width);
    for (size_t s = 0, t = 0; s < tokens.size(); s++) {
        for (int i = 0; i < tokens[s]; i++, t++) {
            const int at = contexts[s] - tokens[s] + i;
            for (int h = 0; h < heads.heads; h++) {
                std::vector<double> p(contexts[s]);
                double sum = 0;
                const auto row = [&](int u) {
                    return (static_cast<size_t>(step.tables[s][u / blockSize]) * blockSize + u % blockSize) * kvWidth + h / group * D;
                };
                for (int u = 0; u < contexts[s]; u++) {
                    if ((heads.causal && u > at) || (heads.window && u <= at - heads.window)) continue;
                    double dot = 0;
                    for (int d = 0; d < D; d++) dot += static_cast<double>(rounded(q[t * width + h * D + d])) * rounded(k[row(u) + d]);
                    sum += p[u] = std::exp(dot * scale);
                }
                for (int u = 0; u < contexts[s]; u++) {
                    for (int d = 0; d < D; d++) reference[t * width + h * D + d] += p[u] / sum * rounded(v[row(u) + d]);
                }
            }
        }
    }
    float *dq = on_device(q), *dk = on_device(k), *dv = on_device(v);
    unsigned *arrived = device_zeros<unsigned>(4096);
    const Attention whole(step, heads);
    const auto result = [&](int perBlock) {
        float *partial = perBlock ? device_array<float>(static_cast<long long>(whole.partialFloats(heads, perBlock))) : nullptr;
        float *y = device_array<float>(static_cast<long long>(T) * width);
        whole.run(y, dq, dk, dv, heads, blockSize, scale, perBlock, partial, arrived);
        const std::vector<float> values = from_device(y, static_cast<size_t>(T) * width);
        device_free(y);
        if (partial) device_free(partial);
        return values;
    };
    const std::vector<float> values = result(0);
    const double error = distance(values, reference);
    printf("%-52s %.2e\n", name.c_str(), error);
    expect(error < 4e-3, name + ": off");
    for (int perBlock : {1, 2, 3}) expect(result(perBlock) == values, name + ": split over blocks is different");

    /* The last token of each sequence by itself, as decode has it. */
    Step last = {{}, contexts, step.tables, blockSize};
    std::vector<float> lastQ, expected;
    for (size_t s = 0, t = 0; s < tokens.size(); s++) {
        t += tokens[s];
        last.tokens.push_back(1);
        lastQ.insert(lastQ.end(), q.begin() + (t - 1) * width, q.begin() + t * width);
        expected.insert(expected.end(), values.begin() + (t - 1) * width, values.begin() + t * width);
    }
    const Attention single(last, heads);
    float *dLast = on_device(lastQ), *y = device_array<float>(static_cast<long long>(expected.size()));
    float *partial = device_array<float>(static_cast<long long>(single.partialFloats(heads, 2)));
    single.run(y, dLast, dk, dv, heads, blockSize, scale, 2, partial, arrived);
    expect(from_device(y, expected.size()) == expected, name + ": a token by itself is different");
    for (float *memory : {dq, dk, dv, dLast, y, partial}) device_free(memory);
}

int main(int count, char **arguments) {
    open_device(count > 1 ? arguments[1] : "");
    std::random_device seed;
    std::mt19937 random(seed());
    for (const Format &format : formats()) {
        check_linear(format, 3, 256, 40, true, random);
        check_linear(format, 20, 1536, 130, false, random);
        check_linear(format, 5, 2304, 16, true, random);
        check_linear(format, 2, 256, 4240, false, random);
        if (format.elements <= 32) check_linear(format, 9, 320, 17, false, random);
#ifndef EMULATED
        check_linear(format, 150, 4096, 272, true, random);
#endif
    }
    check_linear(formats()[0], 2, 77, 5, true, random);
    check_attention({8, 2, 64, 1, 0}, {3, 20, 1, 17}, {3, 150, 260, 64}, 16, random);
    check_attention({6, 6, 96, 1, 0}, {70, 1}, {70, 200}, 5, random);
    check_attention({16, 2, 128, 1, 100}, {9, 1}, {300, 129}, 1, random);
    check_attention({4, 2, 128, 0, 0}, {9, 30}, {9, 30}, 1, random);
    printf("%s\n", failures ? "FAILED" : "passed");
    return failures != 0;
}
