/** Constants of one format of a result. */
export interface NormalTail {
  /** (1 + 1.25a)·Φ(−a)·e^{a²/2} in q = (a − 3)/(a + 3), a ≥ 0. */
  readonly series: readonly number[];
  /** From here on Φ(−a) is 0 to the last bit. */
  readonly end: number;
}

/**
 * The tail of the normal distribution without its exponential: a smooth function that stays between 0.49 and 0.58 while the tail falls
 * to 0. Both factors beside it are known: Φ(−a) = e^{−a²/2}·series(q)/(1 + 1.25a).
 *
 * @source Chebyshev series of degree 13 and 26, made in 50-digit arithmetic: relative errors 2^-30.3 and 2^-55.6; the form is that of
 *         Shepherd and Laframboise 1981, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x"
 */
export const normalTail: Readonly<Record<32 | 64, NormalTail>> = {
  32: {
    series: [
      0.5771912549788739, -0.06905779297419802, -0.0513464918823264, 0.06800817334017861, -0.02994486613786752,
      0.0007251050714639415, 0.004006550558241934, -0.0003599133678220146, -0.0006746309024231162,
      1.2273455209429012e-5, 0.0001218213471456429, 1.4636730236431253e-5, -1.4712992490059273e-5,
      -3.5570848546361557e-6,
    ],
    end: 14.5,
  },
  64: {
    series: [
      0.5771912546889203, -0.06905779437354985, -0.05134646339895799, 0.0680082267501694, -0.029945322917113642,
      0.000724511096603434, 0.0040092952687487615, -0.0003569678798413487, -0.0006824602068676723, 4.63198277735905e-6,
      0.00013315705420074146, 2.5635578438830032e-5, -2.2448018612053826e-5, -1.226534795239595e-5,
      1.2637057314827624e-6, 3.448538171967723e-6, 1.0510465122142681e-6, -4.52743247621246e-7, -4.998492767801136e-7,
      -1.1017622886881308e-7, 1.0152670649004715e-7, 8.043759532141956e-8, 8.573130499196501e-10, -2.090122208143616e-8,
      -5.445978048883946e-9, 2.289181281780582e-9, 9.395685705560113e-10,
    ],
    end: 39,
  },
};
