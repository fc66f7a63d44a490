import type { FloatLanes } from "../../backends/wasm/vector/floatLanes.ts";
import type { Vector } from "../../backends/wasm/vector/vector.ts";
import { erfInv as scalar } from "../../scalar/erfInv.ts";
import { floatFunction } from "../operation.ts";
import { logOf, nanWhere, splitFloat } from "./log.ts";

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

/** @source minimax fits: relative errors 2^-54.4, 2^-55.0 and 2^-55.7 */
const double: Pieces = {
  first: {
    center: 1,
    coefficients: [
      1.1273743936892278, 0.24783287028621093, 0.004250709244823611, -0.0023763699555762394, 0.00010012177623795824,
      3.820187246636488e-5, -4.275585724620136e-6, -5.652251693377469e-7, 1.2231712809525845e-7, 6.0400681545295385e-9,
      -3.0241130847859325e-9, 1.65956700694501e-11, 6.753770738444629e-11, -3.698872828743079e-12,
      -1.3600439025109548e-12, 1.3982411338414051e-13, 3.1223959489042774e-14, -6.524545488670132e-15,
      -2.938259843555364e-16, 2.525133514269048e-16, -4.132099519876893e-17, 3.546340590326603e-18,
      -1.6600167205150156e-19, 3.3757582526133154e-21,
    ],
  },
  others: [
    {
      from: 6.25,
      center: 3.25,
      coefficients: [
        3.0838856104922208, 1.0052589676941652, 0.005370914553541392, -0.003751208508221785, 0.002491442098225998,
        -0.001688275535231394, 0.0009532893431869637, -0.0003550378201544737, 2.403143149479594e-5,
        6.828718585671888e-5, -4.7319829719851756e-5, 1.2464648957903093e-5, 2.928163886538877e-6,
        -3.984514692967451e-6, 1.494593804738334e-6, -2.976028221533527e-8, -2.675634968157621e-7,
        1.3364618312733886e-7, -7.565116032442211e-10, -1.612552296848486e-8,
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
function erfInvVector(v: FloatLanes, x: Vector): Vector {
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
  return v.withSignOf(nanWhere(v.gt(size, one), atOne), x);
}

const evaluate = (v: FloatLanes, { center, coefficients }: Piece, x: Vector): Vector =>
  v.polynomial(v.sub(x, v.constant(center)), coefficients);

/** Inverse of the error function on [−1, 1]; NaN outside. */
export const erfInv = floatFunction("erfInv", { arity: 1, scalar, wasm: erfInvVector });
