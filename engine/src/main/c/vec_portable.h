#define VL 4
#define DOT_M 2
#define DOT_BLOCK 8
#define DOT_CHUNK 512
#define TILE_M 4
#define TILE_CHUNK 128

typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));

INLINE vf vzero(void) { return (vf){0, 0, 0, 0}; }
INLINE vf vset(float a) { return (vf){a, a, a, a}; }
INLINE vf vload(const float *p) { return (vf) * (const v4 *)p; }
INLINE vf vload_part(const float *p, int64_t n) {
    if (n == VL) return vload(p);
    vf a = vzero();
    for (int64_t i = 0; i < n; i++) a[i] = p[i];
    return a;
}
INLINE void vstore(float *p, vf a) { *(v4 *)p = (v4)a; }
INLINE void vstore_part(float *p, vf a, int64_t n) {
    if (n == VL) vstore(p, a);
    else for (int64_t i = 0; i < n; i++) p[i] = a[i];
}
INLINE vf vadd(vf a, vf b) { return a + b; }
INLINE vf vsub(vf a, vf b) { return a - b; }
INLINE vf vmul(vf a, vf b) { return a * b; }
INLINE vf vdiv(vf a, vf b) { return a / b; }
INLINE vf vsqrt(vf a) { return (vf){sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3])}; }
INLINE vf vfma(vf a, vf b, vf c) { return a * b + c; }
INLINE vf vselect(vi mask, vf then, vf other) { return (vf)((mask & (vi)then) | (~mask & (vi)other)); }
/* The second operand where either is NaN. */
INLINE vf vmax(vf a, vf b) { return vselect(a > b, a, b); }
INLINE vf vmin(vf a, vf b) { return vselect(a < b, a, b); }
INLINE vf vabs(vf a) { return (vf)((vi)a & 0x7fffffff); }
/* To the nearest whole number, ties to even, below 2^22. */
INLINE vf vround(vf a) {
    vf shift = vset(0x1.8p23f);
    return (a + shift) - shift;
}
/* a · 2^n for whole n from -126 to 127. */
INLINE vf vscale(vf a, vf n) {
    vi exponent = (vi){(int32_t)n[0], (int32_t)n[1], (int32_t)n[2], (int32_t)n[3]} + 127;
    return a * (vf)(exponent << 23);
}
/* then where a < b, otherwise other. */
INLINE vf vwhere_less(vf a, vf b, vf then, vf other) { return vselect(a < b, then, other); }
INLINE vf vwith_sign(vf magnitude, vf sign) {
    return (vf)(((vi)magnitude & 0x7fffffff) | ((vi)sign & (int32_t)0x80000000u));
}
INLINE float vgreatest(vf a) {
    float m = a[0];
    for (int i = 1; i < 4; i++) m = m > a[i] ? m : a[i];
    return m;
}

/* Four vectors to their four sums. */
INLINE v4 vsum4(vf a, vf b, vf c, vf d) {
    return (v4){(a[0] + a[2]) + (a[1] + a[3]), (b[0] + b[2]) + (b[1] + b[3]), (c[0] + c[2]) + (c[1] + c[3]),
                (d[0] + d[2]) + (d[1] + d[3])};
}

INLINE float bf16_to_float(uint16_t h) {
    uint32_t bits = (uint32_t)h << 16;
    float f;
    memcpy(&f, &bits, 4);
    return f;
}
INLINE vf vload_bf16(const uint16_t *p) {
    return (vf){bf16_to_float(p[0]), bf16_to_float(p[1]), bf16_to_float(p[2]), bf16_to_float(p[3])};
}
INLINE float half_to_float(uint16_t h) {
    /* Exponent and fraction shifted into place, then scaled by 2^112, which also gets subnormals right. */
    uint32_t magnitude = (uint32_t)(h & 0x7fff) << 13;
    const uint32_t infinite = (h & 0x7c00) == 0x7c00 ? 0x70000000u : 0;
    float f;
    memcpy(&f, &magnitude, 4);
    f *= 0x1p112f;
    memcpy(&magnitude, &f, 4);
    magnitude |= infinite | (uint32_t)(h & 0x8000) << 16;
    memcpy(&f, &magnitude, 4);
    return f;
}
/* An F16 number in every lane. */
INLINE vf vset_f16(const void *p) {
    uint16_t h;
    memcpy(&h, p, 2);
    return vset(half_to_float(h));
}
INLINE vf vload_f16(const uint16_t *p) {
    return (vf){half_to_float(p[0]), half_to_float(p[1]), half_to_float(p[2]), half_to_float(p[3])};
}
INLINE vf vload_i8(const int8_t *p) { return (vf){p[0], p[1], p[2], p[3]}; }
/* Adds the lanes' squares to two sums in double. */
typedef double vsquares __attribute__((vector_size(16)));
INLINE vsquares vsquares_zero(void) { return (vsquares){0, 0}; }
INLINE vsquares vadd_squares(vsquares sums, vf a) {
    return sums + (vsquares){(double)a[0] * a[0], (double)a[1] * a[1]} +
           (vsquares){(double)a[2] * a[2], (double)a[3] * a[3]};
}
INLINE double vsquares_sum(vsquares sums) { return sums[0] + sums[1]; }
