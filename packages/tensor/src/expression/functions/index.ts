import type { Operation } from "../operation.ts";
import { atan } from "./atan.ts";
import { conversions } from "./conversions.ts";
import { cos } from "./cos.ts";
import { erf } from "./erf.ts";
import { erfInv } from "./erfInv.ts";
import { exp } from "./exp.ts";
import { expm1 } from "./expm1.ts";
import { instructions } from "./instructions.ts";
import { integerPow } from "./integerPow.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";
import { normalCdf } from "./normalCdf.ts";
import { pow } from "./pow.ts";
import { remainder } from "./remainder.ts";
import { rsqrt } from "./rsqrt.ts";
import { select } from "./select.ts";
import { sigmoid } from "./sigmoid.ts";
import { sign } from "./sign.ts";
import { sin } from "./sin.ts";
import { tanh } from "./tanh.ts";
import { threefry } from "./threefry.ts";

/** The named functions of the expression language. */
export const functions = {
  ...instructions,
  ...conversions,
  ...threefry,
  ...{ sign, remainder, select, integerPow, pow, rsqrt },
  ...{ exp, expm1, log, log1p, sin, cos, atan, tanh, sigmoid, erf, erfInv, normalCdf },
} as const satisfies Record<string, Operation>;
