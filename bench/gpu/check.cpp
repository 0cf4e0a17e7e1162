/* The fast kernels against double precision, and rows against themselves in other batches. check FATBINS, or none where emulated. */
#include <algorithm>

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
    expect(error < 1e-4, name + ": decode is off");
    if (T <= 8) {
        float *y = device_array<float>(static_cast<long long>(T) * O);
        decode(y, dx, packed, db, T);
        expect(from_device(y, rows.size()) == rows, name + ": rows differ in a batch");
        device_free(y);
    }
    const Scratch scratch = {device_array<uint32_t>(up(T, 8) * up(I, 256) * 1024LL),
                             device_array<float>(8LL * up(T, 16) * 16 * up(O, 128) * 128 * 4), device_zeros<unsigned>(4096)};
    cast(scratch, dx, T, I);
    for (int width : {16, 32, 64}) {
        for (bool split : {false, true}) {
            float *y = device_array<float>(static_cast<long long>(T) * O);
            prefill(y, packed, db, T, width, split, scratch);
            expect(from_device(y, rows.size()) == rows,
                   name + ": rows differ in a prefill of " + std::to_string(width) + (split ? ", split" : ""));
            device_free(y);
        }
    }
    for (void *memory : {static_cast<void *>(file), static_cast<void *>(dx), static_cast<void *>(db),
                         static_cast<void *>(packed.tiles), static_cast<void *>(plain), static_cast<void *>(scratch.cast),
                         static_cast<void *>(scratch.partial), static_cast<void *>(scratch.arrived)}) {
        if (memory) device_free(memory);
    }
}

int main(int count, char **arguments) {
    open_device(count > 1 ? arguments[1] : "");
    std::random_device seed;
    std::mt19937 random(seed());
    for (const Format &format : formats()) {
        check_linear(format, 3, 256, 40, true, random);
        check_linear(format, 20, 1536, 130, false, random);
        check_linear(format, 5, 2304, 16, true, random);
        if (format.elements <= 32) check_linear(format, 9, 320, 17, false, random);
    }
    check_linear(formats()[0], 2, 77, 5, true, random);
    printf("%s\n", failures ? "FAILED" : "passed");
    return failures != 0;
}
