import { arithmeticJvp, arithmeticTranspose } from "./arithmetic.ts";
import { discreteJvp, selectionJvp, selectionTranspose } from "./comparison.ts";
import { contractionJvp, contractionTranspose } from "./contraction.ts";
import { markerJvp, markerTranspose } from "./marker.ts";
import { reductionJvp, reductionTranspose } from "./reduction.ts";
import type { JvpTable, TransposeTable } from "./rule.ts";
import { structuralJvp, structuralTranspose } from "./structural.ts";
import { transcendentalJvp } from "./transcendental.ts";

export { batchRules } from "./batch.ts";

/** The derivative of every primitive, the only definition for both modes. */
export const jvpRules: JvpTable = {
  ...arithmeticJvp,
  ...transcendentalJvp,
  ...discreteJvp,
  ...selectionJvp,
  ...structuralJvp,
  ...reductionJvp,
  ...contractionJvp,
  ...markerJvp,
};

/** The transpose of every primitive that is linear in an operand. */
export const transposeRules: TransposeTable = {
  ...arithmeticTranspose,
  ...selectionTranspose,
  ...structuralTranspose,
  ...reductionTranspose,
  ...contractionTranspose,
  ...markerTranspose,
};
