/*
 * Bytes a second that THREADS threads read from memory: read_bandwidth THREADS prints one line. Each reads its own part of 2 GiB,
 * in huge pages where there are some, front to back in vectors of 64 bytes; one round that is not counted brings the pages.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define BYTES ((size_t)2 << 30)
#define HUGE_PAGE ((size_t)2 << 20)
#define STREAMS 4

typedef uint64_t vector __attribute__((vector_size(64)));

struct part {
    const vector *from;
    size_t vectors;
    uint64_t read;
};

static void *read_part(void *argument) {
    struct part *part = argument;
    vector sums[STREAMS] = {{0}};
    for (size_t i = 0; i < part->vectors; i += STREAMS) {
        for (int j = 0; j < STREAMS; j++) {
            sums[j] ^= part->from[i + j];
        }
    }
    for (int j = 0; j < STREAMS; j++) {
        part->read ^= sums[j][0];
    }
    return NULL;
}

static double read_all(struct part *parts, int threads) {
    struct timespec start, end;
    pthread_t started[threads];
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&started[i], NULL, read_part, &parts[i]) != 0) {
            perror("read_bandwidth: pthread_create");
            exit(1);
        }
    }
    size_t bytes = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(started[i], NULL);
        bytes += parts[i].vectors * sizeof(vector);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    return bytes / (double)(end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) * 1e-9);
}

int main(int count, char **arguments) {
    const int threads = count > 1 ? atoi(arguments[1]) : 0;
    char *memory = aligned_alloc(HUGE_PAGE, BYTES);
    if (threads < 1 || memory == NULL) {
        fprintf(stderr, "read_bandwidth: THREADS must be at least 1, and there must be %zu bytes of memory\n", BYTES);
        return 2;
    }
    madvise(memory, BYTES, MADV_HUGEPAGE);
    memset(memory, 1, BYTES); /* pages that were never written are one page */
    struct part parts[threads];
    const size_t share = BYTES / sizeof(vector) / threads / STREAMS * STREAMS;
    for (int i = 0; i < threads; i++) {
        parts[i] = (struct part){.from = (const vector *)memory + i * share, .vectors = share, .read = 0};
    }
    read_all(parts, threads);
    const double bandwidth = read_all(parts, threads);
    /* what was read is used, so that it must be read */
    return printf("%.0f\n", parts[0].read == 2 ? 0 : bandwidth) < 0;
}
