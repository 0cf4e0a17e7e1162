#include "races.h"

#include <vector>

#include "emulator.h"

namespace emulator {

namespace {

constexpr unsigned SEVERAL = ~0u;

/* Who last wrote a byte, and who read it since. A phase is never used again, so that nothing is ever cleared. */
struct Byte {
    Moment written, read;
};

std::vector<Byte> bytes;

Byte &byte(long index) {
    if (bytes.size() <= static_cast<size_t>(index)) bytes.resize(index + 4096, {{0, 0, 0, 0}, {0, 0, 0, 0}});
    return bytes[index];
}

/* Whether another thread did something that nothing orders before this. */
bool unordered(const Moment &earlier, const Moment &moment) {
    if (earlier.phase != moment.phase) return false;
    if (earlier.warp != moment.warp) return true;
    return earlier.epoch == moment.epoch && earlier.thread != moment.thread;
}

void complain(const char *what, const char *did, const Moment &other, long index) {
    if (other.thread == SEVERAL) fault("%s byte %ld of shared memory, which others %s since the last barrier", what, index, did);
    fault("%s byte %ld of shared memory, which thread number %u of its block %s since the last barrier", what, index,
          other.thread, did);
}

void merge(Moment &read, const Moment &moment) {
    if (read.phase != moment.phase || (read.warp == moment.warp && read.epoch != moment.epoch)) {
        read = moment;
        return;
    }
    if (read.warp != moment.warp) read.warp = SEVERAL;
    if (read.thread != moment.thread) read.thread = SEVERAL;
}

}  // namespace

void note_read(const void *address, unsigned long count) {
    Moment moment;
    const long index = now(moment) ? shared_index(address) : -1;
    for (unsigned long i = 0; index >= 0 && i < count; i++) {
        Byte &at = byte(index + i);
        if (unordered(at.written, moment)) complain("reads", "wrote", at.written, index + i);
        merge(at.read, moment);
    }
}

void note_write(const void *address, unsigned long count) {
    Moment moment;
    const long index = now(moment) ? shared_index(address) : -1;
    for (unsigned long i = 0; index >= 0 && i < count; i++) {
        Byte &at = byte(index + i);
        if (unordered(at.written, moment)) complain("writes", "wrote", at.written, index + i);
        if (unordered(at.read, moment)) complain("writes", "read", at.read, index + i);
        at.written = moment;
    }
}

}  // namespace emulator

/* What gcc calls for each access: compiler-rt, lib/tsan/rtl/tsan_interface.h. */
extern "C" {
void __tsan_init() {}
void __tsan_func_entry(void *) {}
void __tsan_func_exit() {}
#define ACCESSES(n)                                                                       \
    void __tsan_read##n(void *at) { emulator::note_read(at, n); }                         \
    void __tsan_write##n(void *at) { emulator::note_write(at, n); }                       \
    void __tsan_unaligned_read##n(void *at) { emulator::note_read(at, n); }               \
    void __tsan_unaligned_write##n(void *at) { emulator::note_write(at, n); }             \
    void __tsan_volatile_read##n(void *at) { emulator::note_read(at, n); }                \
    void __tsan_volatile_write##n(void *at) { emulator::note_write(at, n); }
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
void __tsan_read_range(void *at, unsigned long count) { emulator::note_read(at, count); }
void __tsan_write_range(void *at, unsigned long count) { emulator::note_write(at, count); }
void __tsan_vptr_update(void **, void *) {}
}
