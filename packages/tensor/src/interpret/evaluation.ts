import { PendingTensor } from "../array/pending.ts";
import { DenseTensor, type Tensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import type { Primitive } from "../primitives/primitive.ts";
import { fastLoops } from "./fastLoops.ts";
import { escaped, type Interpreter } from "./tracer.ts";

/** Runs primitives on values. */
export const evaluation: Interpreter = {
  name: "evaluation",
  depth: 1,
  bind(primitive, operands, params) {
    const dense = operands.map((x) => requireDense(primitive.name, x));
    return evaluate(primitive, dense, params);
  },
  call: (callable, args) => callable.body(args),
};

/** One primitive on values: shape rule, then loops. */
export function evaluate<P extends object>(
  primitive: Primitive<P>,
  operands: readonly DenseTensor[],
  params: P,
): DenseTensor {
  const type = primitive.type(operands, params);
  return evaluateAs(type, primitive, operands, params);
}

/** One primitive on values, with a known type: by its fast loop if there is one, else by the primitive's own loops. */
export function evaluateAs<P extends object>(
  type: TensorType,
  primitive: Primitive<P>,
  operands: readonly DenseTensor[],
  params: P,
): DenseTensor {
  const fast = fastLoops.get(primitive) as Primitive<P>["eval"] | undefined;
  const elements = fast ? fast(operands, params, type) : primitive.eval(operands, params, type);
  return new DenseTensor(elements, type.shape, type.dtype, type.weak);
}

/**
 * The value itself.
 *
 * @throws DTypeError for a traced value, which has escaped from its transform; BackendError for a value that is still computed
 */
export function requireDense(operation: string, x: Tensor): DenseTensor {
  if (x instanceof DenseTensor) return x;
  if (x instanceof PendingTensor) return x.concrete(operation);
  throw escaped(operation, x);
}
