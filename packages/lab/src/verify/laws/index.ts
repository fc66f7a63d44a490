import type { Law } from "../law.ts";
import { duality } from "./duality.ts";

/** The identity catalogue, in the order of the report. */
export const laws: readonly Law[] = [duality];
