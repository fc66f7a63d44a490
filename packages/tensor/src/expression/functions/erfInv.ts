import { erfInv as scalar } from "../../scalar/erfInv.ts";
import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";
import { gpuLog, logOf, splitFloat } from "./log.ts";

/** erfInv(x)/x on one range: a polynomial in w − center, or in √w − center. */
interface Piece {
  readonly center: number;
  readonly coefficients: readonly number[];
}

/** The first piece is in w, the others in √w; each but the first starts at a value of w. */
interface Pieces {
  readonly first: Piece;
  readonly others: readonly (Piece & { readonly from: number })[];
}

/** @source minimax fits: relative errors 2^-26.0 and 2^-26.9 */
const single: Pieces = {
  first: {
    center: 1,
    coefficients: [
      1.1273744106292725, 0.24783287942409515, 0.004250539466738701, -0.002376381540670991, 0.00010039598419098184,
      3.81405588996131e-5, -4.412430826050695e-6, -5.00523299251654e-7, 1.3491610673099785e-7, -8.158206554753633e-9,
    ],
  },
  others: [
    {
      from: 5,
      center: 3,
      coefficients: [
        2.832976818084717, 1.0016752481460571, 0.00944534596055746, -0.007641144562512636, 0.0056847212836146355,
        -0.0035815704613924026, 0.0014928047312423587, -8.259663445642218e-5, -0.00031646533170714974,
        0.00013066754036117345,
      ],
    },
  ],
};

/** @source minimax fits: relative errors 2^-54.5, 2^-54.5 and 2^-55.7 */
const double: Pieces = {
  first: {
    center: 1.25,
    coefficients: [
      1.1895615771387744, 0.24951963332550725, 0.0025116852200237384, -0.0022537786154300946, 0.0001435906827926543,
      3.115589701541139e-5, -5.045205684490541e-6, -3.1259915283763504e-7, 1.275698006711012e-7, -1.2438268121582049e-9,
      -2.7212990968129015e-9, 1.94323266262177e-10, 4.8968085762713354e-11, -7.34341180091456e-12,
      -6.712613582971425e-13, 2.1256335841942176e-13, 2.211020629704964e-15, -5.923050075383091e-15,
      7.800127190241691e-16, -2.3837657332514225e-17, -2.8326825638670668e-18, 2.0295924325867816e-19,
    ],
  },
  others: [
    {
      from: 5,
      center: 3.125,
      coefficients: [
        2.958320150240462, 1.0037186917979248, 0.00704788441782489, -0.005301010608472441, 0.0037944200143891953,
        -0.0025198826919373405, 0.001260669897313885, -0.0003286621739694608, -8.955339967184929e-5,
        0.00013610493144893487, -5.885196969104705e-5, 2.1840505678938145e-6, 1.1399604228183506e-5,
        -6.2706034868157155e-6, 9.026292776024578e-7, 7.470194186143833e-7, -5.554144354396433e-7,
        1.3691473623615117e-7, 5.210724425541661e-8, -4.742009229392834e-8, 3.3355308054482088e-9, 4.216172634114995e-9,
      ],
    },
    {
      from: 16,
      center: 5,
      coefficients: [
        4.849906401408584, 1.0103004648645448, -0.000138719318391626, -0.00021503011980106315, 7.599527836698351e-5,
        -1.9681771091718973e-5, 4.526050068612332e-6, -9.930268856799943e-7, 2.2906406104252577e-7, -6.756450266721e-8,
        2.8989644748103135e-8, -1.5239592982893397e-8, 7.865511721650287e-9, -3.4876251148221774e-9,
        1.2768918366733983e-9, -4.2849820828769406e-10, 8.828264650860017e-11, 4.0798348885346894e-11,
        -2.4120921092185617e-11,
      ],
    },
  ],
};

/**
 * x times a smooth function of w = −ln(1 − x²).
 *
 * @source Giles 2011, "Approximating the erfinv function": the variable and the ranges
 */
function erfInvVector<V>(v: FloatLanes<V>, x: V): V {
  const { first, others } = v.is64 ? double : single;
  const one = v.constant(1);
  const size = v.abs(x);
  const { k, f } = splitFloat(v, v.mul(v.sub(one, size), v.add(one, size)));
  const w = v.neg(logOf(v, k, f));
  const root = v.sqrt(w);
  let factor = evaluate(v, first, w);
  for (const piece of others) {
    factor = v.select(v.gt(w, v.constant(piece.from)), evaluate(v, piece, root), factor);
  }
  const value = v.mul(size, factor);
  const atOne = v.select(v.eq(size, one), v.constant(Infinity), value);
  return v.withSignOf(v.nanWhere(v.gt(size, one), atOne), x);
}

const evaluate = <V>(v: FloatLanes<V>, { center, coefficients }: Piece, x: V): V =>
  v.polynomial(v.sub(x, v.constant(center)), coefficients);

const gpuErfInv = gpuFunction(
  "erfInvOf",
  ["x"],
  `const size = Math.abs(x);
  const w = Math.max(-logOf((1 - size) * (1 + size)), 0);
  const near = w - ${single.first.center};
  const far = Math.sqrt(w) - ${single.others[0].center};
  const inner = ${gpuPolynomial("near", single.first.coefficients)};
  const outer = ${gpuPolynomial("far", single.others[0].coefficients)};
  return x * (w > ${single.others[0].from} ? outer : inner);`,
  [gpuLog],
);

/** Inverse of the error function on [−1, 1]; NaN outside. */
export const erfInv = floatFunction("erfInv", { arity: 1, scalar, gpu: gpuErfInv, vector: erfInvVector });
