/* The 16 values of IQ4_NL and IQ4_XS as bytes: ggml kvalues_iq4nl. */
#define NON_LINEAR_4_BYTES                                                                                             \
    _mm_setr_epi8(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)
