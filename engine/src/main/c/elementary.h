/* Exponential, logistic and error function of a vector. */
#ifndef ORRERY_ELEMENTARY_H
#define ORRERY_ELEMENTARY_H

#include "vec.h"

/*
 * e^x to 2 units in the last place: Cephes expf (Moshier, netlib.org/cephes/single.tgz, expf.c): x = n ln 2 + r, polynomial
 * in r. 0 below -87.3, where the result would be subnormal; about 2.4e38 above 88.3; NaN stays NaN.
 */
INLINE vf vexp(vf x) {
    vf bounded = vmin(vset(88.3762626647949f), x);
    vf n = vround(vmul(bounded, vset(1.44269504088896341f)));
    vf r = vfma(n, vset(-0.693359375f), bounded);
    r = vfma(n, vset(2.12194440e-4f), r);
    vf p = vset(1.9875691500e-4f);
    p = vfma(p, r, vset(1.3981999507e-3f));
    p = vfma(p, r, vset(8.3334519073e-3f));
    p = vfma(p, r, vset(4.1665795894e-2f));
    p = vfma(p, r, vset(1.6666665459e-1f));
    p = vfma(p, r, vset(5.0000001201e-1f));
    p = vadd(vfma(p, vmul(r, r), r), vset(1.0f));
    return vwhere_less(x, vset(-87.3365447504f), vzero(), vscale(p, n));
}

INLINE vf vsigmoid(vf x) { return vdiv(vset(1.0f), vadd(vset(1.0f), vexp(vneg(x)))); }

/* erf x to about 1 unit in the last place: N. Juffa's erff (stackoverflow.com/a/35148199), two polynomials joined at 475/512. */
INLINE vf verf(vf x) {
    vf t = vabs(x);
    vf s = vmul(x, x);
    vf r = vfma(vset(-1.72853470e-5f), t, vset(3.83197126e-4f));
    vf u = vfma(vset(-3.88396438e-3f), t, vset(2.42546219e-2f));
    r = vfma(r, s, u);
    r = vfma(r, t, vset(-1.06777877e-1f));
    r = vfma(r, t, vset(-6.34846687e-1f));
    r = vfma(r, t, vset(-1.28717512e-1f));
    r = vfma(r, t, vneg(t));
    vf far = vwith_sign(vsub(vset(1.0f), vexp(r)), x);
    vf p = vset(-5.96761703e-4f);
    p = vfma(p, s, vset(4.99119423e-3f));
    p = vfma(p, s, vset(-2.67681349e-2f));
    p = vfma(p, s, vset(1.12819925e-1f));
    p = vfma(p, s, vset(-3.76125336e-1f));
    p = vfma(p, s, vset(1.28379166e-1f));
    return vwhere_less(vset(0.927734375f), t, far, vfma(p, x, x));
}

#endif
