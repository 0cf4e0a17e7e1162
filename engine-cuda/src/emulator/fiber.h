/* Stacks that are switched by hand: a dozen instructions on x86-64 and aarch64, ucontext elsewhere. */
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#ifdef EMULATOR_UCONTEXT
#define EMULATOR_HAND_MADE 0
#elif defined(__x86_64__) || defined(__aarch64__)
#define EMULATOR_HAND_MADE 1
#else
#define EMULATOR_HAND_MADE 0
#endif
#if !EMULATOR_HAND_MADE
#include <ucontext.h>
#endif

namespace emulator {

constexpr size_t STACK = 128 * 1024, STACK_GUARD = 4096;

/* A stack above a page that nobody may touch; kept for the next fiber. */
inline std::vector<unsigned char *> &free_stacks() {
    static std::vector<unsigned char *> stacks;
    return stacks;
}

inline unsigned char *take_stack() {
    std::vector<unsigned char *> &stacks = free_stacks();
    if (stacks.empty()) {
        void *memory = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) abort();
        mprotect(memory, STACK_GUARD, PROT_NONE);
        return static_cast<unsigned char *>(memory);
    }
    unsigned char *stack = stacks.back();
    stacks.pop_back();
    return stack;
}

#if EMULATOR_HAND_MADE && defined(__x86_64__)

extern "C" void emulator_switch(void **save, void *to) __attribute__((visibility("hidden")));

inline void switch_fibers(void **save, void *to) {
    emulator_switch(save, to);
}

inline void *first_frame(unsigned char *top, void (*main)()) {
    /* six registers, the entry, and a slot that leaves the stack as a call would */
    void **sp = reinterpret_cast<void **>(top) - 8;
    for (int i = 0; i < 8; i++) sp[i] = nullptr;
    sp[6] = reinterpret_cast<void *>(main);
    return sp;
}

#ifdef EMULATOR_DEFINES_SWITCH
asm(R"(
.text
.p2align 4
.globl emulator_switch
.hidden emulator_switch
.type emulator_switch, @function
emulator_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size emulator_switch, .-emulator_switch
)");
#endif

#elif EMULATOR_HAND_MADE

extern "C" void emulator_switch(void **save, void *to) __attribute__((visibility("hidden")));

inline void switch_fibers(void **save, void *to) {
    emulator_switch(save, to);
}

inline void *first_frame(unsigned char *top, void (*main)()) {
    /* x19 to x30 and d8 to d15: 160 bytes, x30 the twelfth */
    void **sp = reinterpret_cast<void **>(top) - 20;
    for (int i = 0; i < 20; i++) sp[i] = nullptr;
    sp[11] = reinterpret_cast<void *>(main);
    return sp;
}

#ifdef EMULATOR_DEFINES_SWITCH
asm(R"(
.text
.p2align 4
.globl emulator_switch
.hidden emulator_switch
.type emulator_switch, %function
emulator_switch:
    sub sp, sp, #160
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
.size emulator_switch, .-emulator_switch
)");
#endif

#else

/* A stack pointer is here the address of a context, which lies at the top of the stack. */
inline void switch_fibers(void **save, void *to) {
    ucontext_t here;
    *save = &here;
    swapcontext(&here, static_cast<ucontext_t *>(to));
}

inline void *first_frame(unsigned char *top, void (*main)()) {
    ucontext_t *context = reinterpret_cast<ucontext_t *>(top - (sizeof(ucontext_t) + 63) / 64 * 64);
    getcontext(context);
    context->uc_stack.ss_sp = top - STACK + STACK_GUARD;
    context->uc_stack.ss_size = reinterpret_cast<unsigned char *>(context) - (top - STACK + STACK_GUARD);
    context->uc_link = nullptr;
    makecontext(context, main, 0);
    return context;
}

#endif

struct Fiber {
    void *sp = nullptr;
    unsigned char *stack = nullptr;

    void begin(void (*main)()) {
        stack = take_stack();
        sp = first_frame(stack + STACK, main);
    }

    void end() {
        free_stacks().push_back(stack);
        stack = nullptr;
    }
};

}  // namespace emulator
