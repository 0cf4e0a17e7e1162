/*
 * Races on shared memory: two threads of a block touch a byte, one of them writes, and neither a barrier nor an operation of
 * their warp lies between. Only objects compiled with -fsanitize=thread tell of their accesses (races.cpp stands in for that
 * sanitizer's library); others run as fast as ever.
 */
#pragma once
#include <cstdint>

namespace emulator {

/* Where a thread is: nothing orders two threads of one moment, unless they are of one warp and of different epochs. */
struct Moment {
    uint64_t phase;
    unsigned epoch, warp, thread;
};

/* False where no kernel runs. */
bool now(Moment &moment);

/* The index of a byte of the block's shared memory, static or dynamic; -1 for other memory. */
long shared_index(const void *address);

void note_read(const void *address, unsigned long bytes);
void note_write(const void *address, unsigned long bytes);

}  // namespace emulator
