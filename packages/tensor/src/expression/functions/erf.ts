import { erf as scalar } from "../../scalar/erf.ts";
import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";
import { reduceExp } from "./exp.ts";

/** Constants of one format. */
interface Constants {
  /** erf(a)/a − 1 in a², a ≤ 0.9. */
  readonly core: readonly number[];
  /** −ln(1 − erf(a)) in a − 1, a from 0.9 to `one`. */
  readonly tail: readonly number[];
  /** From here on erf is 1 to the last bit. */
  readonly one: number;
}

/** @source minimax fits: relative errors of erf 2^-30.1 and 2^-26.7 */
const single: Constants = {
  core: [
    0.12837916612625122, -0.3761262893676758, 0.11283624172210693, -0.026855560019612312, 0.005191753152757883,
    -0.0008039752719923854, 7.943100354168564e-5,
  ],
  tail: [
    1.8496055603027344, 2.638967752456665, 0.8431001305580139, 0.04156302288174629, -0.00995120033621788,
    0.0018270976142957807, -0.00017306164954788983,
  ],
  one: 3.95,
};

/** @source minimax fits: relative errors of erf 2^-56.3 and 2^-58.7 */
const double: Constants = {
  core: [
    0.1283791670955126, -0.37612638903184187, 0.11283791670980263, -0.026866170650840564, 0.0052239776925530074,
    -0.0008548331684453332, 0.00012055538427571749, -1.4931616639368593e-5, 1.657776929366429e-6,
    -1.7847109386348455e-7, 2.6835269184353996e-8, -6.830049783843432e-9, 1.2246730300358007e-9,
  ],
  tail: [
    1.8496055099332482, 2.6389675142347913, 0.8431072563584951, 0.04156109804650338, -0.01003382543556205,
    0.0019779030286828686, -0.00023732468470566716, -2.627076273092315e-5, 2.714294652816688e-5, -9.582275393500487e-6,
    2.0273817798334105e-6, -1.1343045229516412e-7, -1.176500570273027e-7, 6.232991378838095e-8, -1.8828217015989422e-8,
    3.951908309076901e-9, -5.816956486430196e-10, 5.674163019025395e-11, -3.2167866230411266e-12, 7.624163641623697e-14,
  ],
  one: 5.95,
};

/** a + a·core(a²) up to 0.9, from there 1 − e^{−tail(a − 1)}; a = |x|. */
function erfVector<V>(v: FloatLanes<V>, x: V): V {
  const { core, tail, one } = v.is64 ? double : single;
  const size = v.atMost(v.abs(x), v.constant(one));
  const small = v.madd(size, v.polynomial(v.mul(size, size), core), size);
  const exponent = v.polynomial(v.sub(size, v.constant(1)), tail);
  const { n, m } = reduceExp(v, v.neg(exponent));
  const scale = v.powerOfTwo(n);
  const large = v.sub(v.constant(1), v.madd(scale, m, scale));
  return v.withSignOf(v.select(v.lt(size, v.constant(0.9)), small, large), x);
}

const gpuErf = gpuFunction(
  "erfOf",
  ["x"],
  `const size = Math.min(Math.abs(x), ${single.one});
  const square = size * size;
  const small = size + size * (${gpuPolynomial("square", single.core)});
  const above = size - 1;
  const large = 1 - Math.exp(-(${gpuPolynomial("above", single.tail)}));
  const value = size < 0.9 ? small : large;
  return x < 0 ? -value : value;`,
);

/** Error function 2/√π ∫₀ˣ e^{−s²} ds. */
export const erf = floatFunction("erf", { arity: 1, scalar, gpu: gpuErf, vector: erfVector });
