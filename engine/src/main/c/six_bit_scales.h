/* Eight scales and eight minima of six bits in twelve bytes: ggml get_scale_min_k4. */
#include <stdint.h>

static inline int scale_of(const uint8_t *s, int j) { return j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 6) << 4; }
static inline int minimum_of(const uint8_t *s, int j) { return j < 4 ? s[j + 4] & 63 : (s[j + 4] >> 4) | (s[j] >> 6) << 4; }
