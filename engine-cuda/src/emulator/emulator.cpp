/*
 * Runs kernels on the host. One launch at a time: blocks one after the other, a block's threads as fibers that give way at
 * barriers and warp operations only. The order in which threads run turns around from launch to launch, block to block and
 * barrier to barrier, so that a missing barrier shows in one direction or the other.
 *
 * Device memory lies flush against a page that nobody may touch; so does dynamic shared memory.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "emulator.h"
#define EMULATOR_DEFINES_SWITCH
#include "fiber.h"
#include "races.h"

#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

namespace emulator {

namespace {

constexpr size_t PAGE = 4096, ALIGNMENT = 16, LARGEST_BLOCK = 1024;
/* Bytes of what nobody wrote are NaN in every type; what nobody may write is something else, since NaN spreads. */
constexpr unsigned char POISON = 0xff, FENCE = 0x5a;

size_t pages(size_t bytes) {
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* Memory that ends where the forbidden page begins, but for the bytes that alignment asks for; those are watched. */
struct Guarded {
    unsigned char *start = nullptr;
    size_t bytes = 0;
    unsigned char *mapping = nullptr;
    size_t mapped = 0;

    static Guarded of(size_t bytes) {
        Guarded guarded;
        const size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        guarded.bytes = bytes;
        guarded.mapped = pages(rounded) + 2 * PAGE;
        void *memory = mmap(nullptr, guarded.mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) return {};
        guarded.mapping = static_cast<unsigned char *>(memory);
        if (pages(rounded) > 0 && mprotect(guarded.mapping + PAGE, pages(rounded), PROT_READ | PROT_WRITE) != 0) {
            munmap(memory, guarded.mapped);
            return {};
        }
        guarded.start = guarded.mapping + guarded.mapped - PAGE - rounded;
        memset(guarded.mapping + PAGE, FENCE, pages(rounded));
        memset(guarded.start, POISON, bytes);
        return guarded;
    }

    const unsigned char *end() const {
        return mapping + mapped - PAGE;
    }

    /* Whether somebody wrote between the last byte and the page's end, or before the first. */
    bool overrun() const {
        for (const unsigned char *at = start + bytes; at < end(); at++) {
            if (*at != FENCE) return true;
        }
        for (const unsigned char *at = mapping + PAGE; at < start; at++) {
            if (*at != FENCE) return true;
        }
        return false;
    }

    void release() {
        if (mapping != nullptr) munmap(mapping, mapped);
        *this = {};
    }
};

struct AsyncCopy {
    void *to;
    const void *from;
    int bytes, given, group;
};

struct Rendezvous {
    unsigned mask = 0, arrived = 0, generation = 0;
    const char *operation = nullptr;
    int line = 0;
    Slot slots[2][32];
};

struct Warp {
    unsigned existing = 0, live = 0, runnable = 0, epoch = 0;
    std::vector<Rendezvous> meetings;
};

enum class State { READY, AT_BARRIER, AT_WARP, DONE };

struct Lane : Thread {
    Warp *warp;
    unsigned lane;
    State state;
    int line;
    bool condition;
    Fiber fiber;
    std::vector<AsyncCopy> copies;
    int group;
};

std::mutex device;
std::map<std::string, Kernel *> *kernels;
Kernel *head;
std::map<unsigned char *, Guarded> memory;

/* Of the launch in progress. */
Lane lanes[LARGEST_BLOCK];
Warp warps[LARGEST_BLOCK / 32];
unsigned threads;
void *scheduler;
Kernel *running;
void **arguments;
Guarded dynamic;
size_t dynamicBytes;
pthread_t owner;
volatile bool launching;
bool failed;
char message[1024];
unsigned launches, phase;
uint64_t phases;
int barrierLine, gathered, gatheredBefore;

Lane &self() {
    return *static_cast<Lane *>(current);
}

void give_way() {
    Lane &lane = self();
    switch_fibers(&lane.fiber.sp, scheduler);
}

void release_if_complete(Warp &warp, Rendezvous &meeting) {
    if (meeting.arrived == 0 || (meeting.arrived & warp.live) != (meeting.mask & warp.live)) return;
    warp.runnable |= meeting.arrived;
    meeting.arrived = 0;
    meeting.generation++;
    warp.epoch++;
}

void leave(Lane &lane) {
    lane.state = State::DONE;
    lane.warp->live &= ~(1u << lane.lane);
    for (Rendezvous &meeting : lane.warp->meetings) release_if_complete(*lane.warp, meeting);
}

void thread_main() {
    running->invoke(running->function, arguments);
    leave(self());
    give_way();
    __builtin_unreachable();
}

void run(Lane &lane) {
    current = &lane;
    if (lane.fiber.stack == nullptr) lane.fiber.begin(thread_main);
    lane.state = State::READY;
    switch_fibers(&scheduler, lane.fiber.sp);
    if (lane.state == State::DONE) lane.fiber.end();
}

/* Until every lane is done, at the block's barrier, or waits for lanes that do not come. */
void run_warp(Warp &warp, Lane *first, bool backwards) {
    while (warp.runnable != 0 && !failed) {
        const int next = backwards ? 31 - __builtin_clz(warp.runnable) : __builtin_ctz(warp.runnable);
        warp.runnable &= ~(1u << next);
        run(first[next]);
    }
}

std::string where(const Lane &lane) {
    char text[64];
    snprintf(text, sizeof text, "(%u, %u, %u)", lane.threadIdx.x, lane.threadIdx.y, lane.threadIdx.z);
    return text;
}

void describe(const char *format, va_list values) {
    char what[640];
    vsnprintf(what, sizeof what, format, values);
    if (failed) return;
    failed = true;
    const std::string thread = current == nullptr ? "none" : where(self());
    snprintf(message, sizeof message, "kernel %s, block (%u, %u, %u) of (%u, %u, %u), thread %s of (%u, %u, %u): %s",
             running->name, block.x, block.y, block.z, gridSize.x, gridSize.y, gridSize.z, thread.c_str(), blockSize.x,
             blockSize.y, blockSize.z, what);
}

void complain(const char *format, ...) {
    va_list values;
    va_start(values, format);
    describe(format, values);
    va_end(values);
}

/* All threads stand still: they are done, or at one barrier, or something is wrong. */
bool pass_barrier() {
    Lane *waiting = nullptr, *gone = nullptr;
    for (unsigned i = 0; i < threads; i++) {
        Lane &lane = lanes[i];
        if (lane.state == State::AT_WARP) {
            current = &lane;
            complain("waits at line %d for lanes that never come to that warp operation", lane.line);
            return false;
        }
        (lane.state == State::DONE ? gone : waiting) = &lane;
    }
    if (waiting == nullptr) return false;
    if (gone != nullptr) {
        current = waiting;
        complain("waits at the barrier in line %d, but thread %s left the kernel before it", waiting->line,
                 where(*gone).c_str());
        return false;
    }
    for (unsigned i = 0; i < threads; i++) {
        lanes[i].warp->runnable |= 1u << lanes[i].lane;
    }
    gathered = gatheredBefore;
    gatheredBefore = 0;
    barrierLine = 0;
    phase++;
    phases++;
    return true;
}

void begin_block() {
    threads = blockSize.x * blockSize.y * blockSize.z;
    for (unsigned w = 0; w < (threads + 31) / 32; w++) {
        const unsigned rest = threads - 32 * w;
        warps[w].existing = rest >= 32 ? ~0u : (1u << rest) - 1;
        warps[w].live = warps[w].runnable = warps[w].existing;
        warps[w].meetings.clear();
        warps[w].epoch = 0;
    }
    for (unsigned i = 0; i < threads; i++) {
        Lane &lane = lanes[i];
        lane.threadIdx = {i % blockSize.x, i / blockSize.x % blockSize.y, i / (blockSize.x * blockSize.y)};
        lane.warp = &warps[i / 32];
        lane.lane = i % 32;
        lane.state = State::READY;
        lane.copies.clear();
        lane.group = 0;
    }
    if (running->sharedBegin != nullptr) {
        memset(running->sharedBegin, POISON, running->sharedEnd - running->sharedBegin);
    }
    if (dynamic.start != nullptr) memset(dynamic.start, POISON, dynamic.bytes);
    barrierLine = gathered = gatheredBefore = 0;
    phases++;
    phase = launches + block.x + block.y + block.z;
}

void run_block() {
    begin_block();
    const unsigned count = (threads + 31) / 32;
    do {
        const bool backwards = phase & 1;
        for (unsigned i = 0; i < count && !failed; i++) {
            const unsigned w = backwards ? count - 1 - i : i;
            run_warp(warps[w], lanes + 32 * w, backwards);
        }
    } while (!failed && pass_barrier());
    for (unsigned i = 0; i < threads; i++) {
        if (lanes[i].fiber.stack != nullptr) lanes[i].fiber.end();
    }
    current = nullptr;
    if (!failed && dynamic.start != nullptr && dynamic.overrun()) {
        complain("wrote past its %zu bytes of dynamic shared memory", dynamicBytes);
    }
}

/* Signals of a kernel's own mistakes; everybody else's go to whoever was asked before us, such as a Java VM. */
constexpr int SIGNALS[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
struct sigaction before[64];
unsigned char alternateStack[64 * 1024] __attribute__((aligned(16)));

std::string near_allocation(const unsigned char *address) {
    char text[160];
    if (dynamic.mapping != nullptr && address >= dynamic.mapping && address < dynamic.mapping + dynamic.mapped) {
        snprintf(text, sizeof text, "%td bytes past the beginning of %zu bytes of dynamic shared memory",
                 address - dynamic.start, dynamicBytes);
        return text;
    }
    auto after = memory.upper_bound(const_cast<unsigned char *>(address));
    if (after != memory.begin()) {
        const Guarded &guarded = std::prev(after)->second;
        if (address < guarded.end() + PAGE) {
            snprintf(text, sizeof text, "%td bytes past the end of an allocation of %zu bytes",
                     address - (guarded.start + guarded.bytes), guarded.bytes);
            return text;
        }
    }
    if (after != memory.end() && address >= after->second.mapping) {
        snprintf(text, sizeof text, "%td bytes before an allocation of %zu bytes", after->second.start - address,
                 after->second.bytes);
        return text;
    }
    return "in no allocation";
}

void on_signal(int number, siginfo_t *info, void *context) {
    if (!launching || !pthread_equal(owner, pthread_self()) || current == nullptr) {
        struct sigaction &old = before[number];
        if (old.sa_flags & SA_SIGINFO) {
            old.sa_sigaction(number, info, context);
        } else if (old.sa_handler == SIG_DFL) {
            signal(number, SIG_DFL);
        } else if (old.sa_handler != SIG_IGN) {
            old.sa_handler(number);
        }
        return;
    }
    if (number == SIGSEGV || number == SIGBUS) {
        complain("touches %p, %s", info->si_addr, near_allocation(static_cast<unsigned char *>(info->si_addr)).c_str());
    } else if (number == SIGFPE) {
        complain("divides a whole number by zero");
    } else {
        complain("indexes an array past its end");
    }
    sigset_t these;
    sigemptyset(&these);
    for (int each : SIGNALS) sigaddset(&these, each);
    pthread_sigmask(SIG_UNBLOCK, &these, nullptr);
    give_way();
}

struct Signals {
    stack_t stackBefore;

    Signals() {
        static bool installed = false;
        if (!installed) {
            struct sigaction ours = {};
            ours.sa_sigaction = on_signal;
            ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER;
            for (int number : SIGNALS) sigaction(number, &ours, &before[number]);
            installed = true;
        }
        stack_t alternate = {};
        alternate.ss_sp = alternateStack;
        alternate.ss_size = sizeof alternateStack;
        sigaltstack(&alternate, &stackBefore);
        owner = pthread_self();
        launching = true;
    }

    ~Signals() {
        launching = false;
        sigaltstack(&stackBefore, nullptr);
    }
};

bool refuse(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    return false;
}

Kernel *find(const char *name) {
    if (kernels == nullptr) {
        kernels = new std::map<std::string, Kernel *>();
        for (Kernel *each = head; each != nullptr; each = each->next) (*kernels)[each->name] = each;
    }
    auto found = kernels->find(name);
    return found == kernels->end() ? nullptr : found->second;
}

/* The limits of compute capability 8.0. */
bool check_geometry(const char *name, size_t shared) {
    const size_t size = static_cast<size_t>(blockSize.x) * blockSize.y * blockSize.z;
    if (size == 0 || size > LARGEST_BLOCK || blockSize.z > 64) {
        return refuse("kernel %s: a block of (%u, %u, %u) threads; 1 to 1024 can be had", name, blockSize.x, blockSize.y,
                      blockSize.z);
    }
    if (gridSize.x == 0 || gridSize.y == 0 || gridSize.z == 0 || gridSize.x > INT_MAX || gridSize.y > 65535 ||
        gridSize.z > 65535) {
        return refuse("kernel %s: a grid of (%u, %u, %u) blocks; y and z end at 65535", name, gridSize.x, gridSize.y,
                      gridSize.z);
    }
    if (shared > 163 * 1024) return refuse("kernel %s: %zu bytes of shared memory; 166912 can be had", name, shared);
    return true;
}

bool check_memory() {
    for (const auto &each : memory) {
        if (each.second.overrun()) {
            return refuse("kernel %s wrote just outside an allocation of %zu bytes", running->name, each.second.bytes);
        }
    }
    return true;
}

}  // namespace

Thread *current;
uint3 block;
dim3 blockSize, gridSize;

void enlist(Kernel *kernel) {
    kernel->next = head;
    head = kernel;
}

void fault(const char *format, ...) {
    va_list values;
    va_start(values, format);
    describe(format, values);
    va_end(values);
    give_way();
    __builtin_unreachable();
}

void barrier(int line) {
    barrier_count(false, line);
}

int barrier_count(bool condition, int line) {
    Lane &lane = self();
    if (barrierLine == 0) barrierLine = line;
    if (barrierLine != line) fault("comes to the barrier in line %d while others wait in line %d", line, barrierLine);
    lane.state = State::AT_BARRIER;
    lane.line = line;
    gatheredBefore += condition;
    give_way();
    return gathered;
}

unsigned lane() {
    return self().lane;
}

bool now(Moment &moment) {
    if (current == nullptr) return false;
    const Lane &lane = self();
    const unsigned thread = static_cast<unsigned>(&lane - lanes);
    moment = {phases, lane.warp->epoch, thread / 32, thread};
    return true;
}

long shared_index(const void *address) {
    const unsigned char *at = static_cast<const unsigned char *>(address);
    if (at >= running->sharedBegin && at < running->sharedEnd) return at - running->sharedBegin;
    if (dynamic.start == nullptr || at < dynamic.start || at >= dynamic.end()) return -1;
    return running->sharedEnd - running->sharedBegin + (at - dynamic.start);
}

unsigned char *dynamic_shared() {
    return dynamic.start;
}

const Slot *exchange(unsigned mask, const char *operation, int line, const void *payload, int bytes) {
    Lane &lane = self();
    Warp &warp = *lane.warp;
    const unsigned bit = 1u << lane.lane;
    if ((mask & bit) == 0) fault("takes part in %s in line %d, whose mask 0x%08x leaves it out", operation, line, mask);
    Rendezvous *meeting = nullptr;
    for (Rendezvous &each : warp.meetings) {
        if (each.mask == mask) meeting = &each;
    }
    if (meeting == nullptr) {
        if (warp.meetings.capacity() < 64) warp.meetings.reserve(64);
        if (warp.meetings.size() == 64) fault("uses more than 64 masks in one warp");
        warp.meetings.emplace_back();
        meeting = &warp.meetings.back();
        meeting->mask = mask;
    }
    Slot *slots = meeting->slots[meeting->generation & 1];
    if (meeting->arrived == 0) {
        meeting->operation = operation;
        meeting->line = line;
        memset(slots, POISON, sizeof meeting->slots[0]);
    } else if (meeting->line != line || meeting->operation != operation) {
        fault("comes to %s in line %d while lanes of its warp wait at %s in line %d", operation, line,
              meeting->operation, meeting->line);
    }
    if (bytes > 0) memcpy(slots[lane.lane].bytes, payload, bytes);
    meeting->arrived |= bit;
    lane.state = State::AT_WARP;
    lane.line = line;
    release_if_complete(warp, *meeting);
    if (warp.runnable & bit) {
        warp.runnable &= ~bit;
    } else {
        give_way();
    }
    lane.state = State::READY;
    return slots;
}

void copy_async(void *to, const void *from, int bytes, int given) {
    Lane &lane = self();
    if (reinterpret_cast<uintptr_t>(to) % bytes != 0 || reinterpret_cast<uintptr_t>(from) % bytes != 0) {
        fault("copies %d bytes asynchronously from %p to %p, which are not aligned to that", bytes, from, to);
    }
    note_write(to, bytes);
    memset(to, POISON, bytes);
    lane.copies.push_back({to, from, bytes, given, lane.group});
}

void copy_commit() {
    self().group++;
}

void copy_wait(int pending) {
    Lane &lane = self();
    std::vector<AsyncCopy> &copies = lane.copies;
    size_t kept = 0;
    for (AsyncCopy &copy : copies) {
        if (copy.group >= lane.group - pending) {
            copies[kept++] = copy;
            continue;
        }
        note_write(copy.to, copy.bytes);
        memset(copy.to, 0, copy.bytes);
        memcpy(copy.to, copy.from, copy.given);
    }
    copies.resize(kept);
}

}  // namespace emulator

using namespace emulator;

#define EXPORT extern "C" __attribute__((visibility("default")))

/* Null where there is no memory left. Contents are NaN. */
EXPORT void *emulate_allocate(unsigned long long bytes) {
    std::lock_guard<std::mutex> lock(device);
    Guarded guarded = Guarded::of(bytes);
    if (guarded.mapping != nullptr) memory[guarded.start] = guarded;
    return guarded.start;
}

/* 0, or 1 where nothing was allocated there. */
EXPORT int emulate_free(void *start) {
    std::lock_guard<std::mutex> lock(device);
    auto found = memory.find(static_cast<unsigned char *>(start));
    if (found == memory.end()) return 1;
    found->second.release();
    memory.erase(found);
    return 0;
}

/* A letter for each parameter: p pointer, i and l whole numbers of 4 and 8 bytes, f float, d double. Null for no kernel. */
EXPORT const char *emulate_signature(const char *name) {
    std::lock_guard<std::mutex> lock(device);
    Kernel *kernel = find(name);
    return kernel == nullptr ? nullptr : kernel->signature;
}

/* 0, or 1 where emulate_error says what was wrong. */
EXPORT int emulate_launch(const char *name, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                          unsigned blockZ, unsigned sharedBytes, void **params) {
    std::lock_guard<std::mutex> lock(device);
    running = find(name);
    gridSize = dim3(gridX, gridY, gridZ);
    blockSize = dim3(blockX, blockY, blockZ);
    if (running == nullptr) return !refuse("there is no kernel %s", name);
    if (!check_geometry(name, sharedBytes)) return 1;
    arguments = params;
    dynamicBytes = sharedBytes;
    if (sharedBytes > 0) dynamic = Guarded::of(sharedBytes);
    failed = false;
    message[0] = 0;
    {
        Signals signals;
        for (unsigned z = 0; z < gridZ && !failed; z++) {
            for (unsigned y = 0; y < gridY && !failed; y++) {
                for (unsigned x = 0; x < gridX && !failed; x++) {
                    block = {x, y, z};
                    run_block();
                }
            }
        }
    }
    launches++;
    dynamic.release();
    if (!failed) failed = !check_memory();
    return failed;
}

/* Of the last launch. */
EXPORT const char *emulate_error() {
    return message;
}
