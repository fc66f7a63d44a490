import { customJvp } from "@pushforward/autodiff";
import {
  bind,
  DomainError,
  DTypeError,
  formatShape,
  isFloat,
  mustBe,
  type Primitive,
  promote,
  type Shape,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorLike,
  type TensorType,
} from "@pushforward/tensor";

/** Shapes of the arguments and of the result of an opaque function. */
export interface OpaqueShapes {
  readonly args: readonly Shape[];
  readonly result: Shape;
}

/** The opaque function that an equation applies. */
export interface HoleParams {
  /** Name of the function. */
  readonly hole: string;
  /** Number of derivatives: 0 applies the function, 1 its jvp, 2 the jvp of its jvp. */
  readonly order: number;
}

/** The primitive of an application; it knows the shapes and has no values. */
type Hole = Primitive<HoleParams, "n", "host">;

/** Holes by their primitive, so that a caller's own primitive with the same name is not taken for one. */
const holes = new WeakSet<object>();

/** Whether an equation applies an opaque function or a derivative of it. */
export const isHole = (primitive: Primitive<object>): primitive is Primitive<HoleParams> => holes.has(primitive);

/**
 * A function without a body: the network of a loss, which another framework brings along.
 *
 * An application traces to one equation `apply`. Its jvp traces to one equation `applyJvp`, whose operands are the arguments and then
 * their tangents. Reverse mode through the function is left to the framework that receives the program.
 *
 *   const u = opaque("u", { args: [[2], [], []], result: [2] })
 *
 * @param shapes of the arguments and of the result, whose dtype is that of the arguments
 * @throws ShapeError if the function is applied to other shapes; DomainError if a program with it is evaluated
 */
export function opaque(name: string, shapes: OpaqueShapes): (...args: TensorLike[]) => Tensor {
  mustBe("opaque", "the name", name, "text");
  mustBe("opaque", "the shapes", shapes, "object");
  mustBe("opaque", "shapes.args", shapes.args, "list");
  mustBe("opaque", "shapes.result", shapes.result, "list");
  const apply = derivative(name, 0, shapes);
  return (...args) => apply(...promote(name, args));
}

/** The derivative of an order of an opaque function, as a function of as many arguments as it takes: primals, then tangents. */
function derivative(name: string, order: number, shapes: OpaqueShapes): (...args: Tensor[]) => Tensor {
  const primitive = holeOf(name, order, shapes);
  let next: ((...args: Tensor[]) => Tensor) | undefined;
  const apply: (...args: Tensor[]) => Tensor = customJvp(
    (...args: Tensor[]) => bind(primitive, args, { hole: name, order }),
    (primals, tangents) => {
      next ??= derivative(name, order + 1, { args: [...shapes.args, ...shapes.args], result: shapes.result });
      return [apply(...primals), next(...primals, ...tangents)] as const;
    },
  );
  return apply;
}

function holeOf(name: string, order: number, { args, result }: OpaqueShapes): Hole {
  const hole: Hole = {
    name: order === 0 ? "apply" : "applyJvp",
    arity: "n",
    role: "host",
    type: (operands) => {
      checkArguments(name, operands, args);
      return { shape: result, dtype: operands[0].dtype, weak: false };
    },
    eval: (): never => {
      throw new DomainError(
        `${name}: an opaque function has no values; trace the program that applies it and export it, or pass a network`,
      );
    },
  };
  holes.add(hole);
  return hole;
}

/** @throws ShapeError, DTypeError that names the argument */
function checkArguments(name: string, operands: readonly TensorType[], shapes: readonly Shape[]): void {
  if (operands.length !== shapes.length)
    throw new ShapeError(`${name}: takes ${shapes.length} argument(s), got ${operands.length}`);
  operands.forEach(({ shape, dtype }, i) => {
    if (!sameShape(shape, shapes[i]))
      throw new ShapeError(`${name}: argument ${i} must be ${formatShape(shapes[i])}, got ${formatShape(shape)}`);
    if (!isFloat(dtype))
      throw new DTypeError(`${name}: argument ${i} must be float64 or float32, got ${dtype}; cast it with cast()`);
  });
}
