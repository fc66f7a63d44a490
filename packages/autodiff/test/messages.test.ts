import { type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  checkGrads,
  checkpoint,
  customJvp,
  customVjp,
  debugNans,
  divergence,
  explain,
  freezeStops,
  grad,
  jacfwd,
  jvp,
  linearize,
  stopGradient,
  vjp,
  vmap,
} from "../src/index.ts";

const x = tensor([1, 2]) as Tensor;
const n = tensor([1, 2], { dtype: "int32" }) as Tensor;
const square = (x: Tensor) => x.mul(x);
const total = (p: { w: Tensor; n: Tensor }) => p.w.mul(p.n.cast("float64")).sum();

/** Class and message of what a call throws. */
function messageOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    const { name, message } = error as Error;
    // Where this file lies, and at which column, says nothing.
    return `${name}: ${message.replace(/at \S*messages\.test\.ts:\d+:\d+/, "at messages.test.ts")}`;
  }
  return "nothing was thrown";
}

/** A call that TypeScript would not let through. */
const loosely = (f: unknown) => f as (...args: unknown[]) => (...args: unknown[]) => unknown;

describe("misuse is met with what must hold, what came, and what to try", () => {
  it("jvp with primals that are no list", () => {
    expect(messageOf(() => loosely(jvp)(square, x, [x]))).toMatchInlineSnapshot(
      `"ShapeError: jvp: primals must be an array with one entry per argument, got DenseTensor; write [x]"`,
    );
  });

  it("jvp with tangents that are no list", () => {
    expect(messageOf(() => loosely(jvp)(square, [x], x))).toMatchInlineSnapshot(
      `"ShapeError: jvp: tangents must be an array with one entry per argument, got DenseTensor; write [x]"`,
    );
  });

  it("jvp with too few tangents", () => {
    expect(messageOf(() => jvp((a: Tensor, b: Tensor) => a.mul(b), [x, x], [x] as never))).toMatchInlineSnapshot(
      `"ShapeError: jvp: the tangents must be an array of 2, got an array of 1; null stands for none"`,
    );
  });

  it("jvp with a tangent of another shape", () => {
    expect(
      messageOf(() => jvp((p: { w: Tensor }) => p.w, [{ w: x }], [{ w: tensor([1, 2, 3]) }])),
    ).toMatchInlineSnapshot(`"ShapeError: jvp: the tangent of leaf "[0].w" must have shape [2], got [3]"`);
  });

  it("jvp with a tangent of another dtype", () => {
    expect(messageOf(() => jvp(square, [x], [x.cast("float32")]))).toMatchInlineSnapshot(
      `"DTypeError: jvp: the tangent of leaf "[0]" must be float64, got float32; cast it with cast(x, "float64")"`,
    );
  });

  it("jvp with a tangent for int32", () => {
    expect(messageOf(() => jvp((a: Tensor) => a, [n], [n]))).toMatchInlineSnapshot(
      `"DTypeError: jvp: leaf "[0]" is int32 and has no tangent; pass null"`,
    );
  });

  it("jvp with a leaf that is not there", () => {
    expect(
      messageOf(() => jvp((p: { w: Tensor }) => p.w, [{ w: x }], [{ w: x, b: x }] as never)),
    ).toMatchInlineSnapshot(
      `"ShapeError: jvp: the tangent of leaf "[0]" must be an object with "w", got an object with "b", "w"; leaf "[0].b" is extra; null stands for none"`,
    );
  });

  it("jvp with an object in place of a tensor", () => {
    expect(
      messageOf(() => jvp((p: { w: Tensor }) => p.w, [{ w: x }], [{ w: { v: x } }] as never)),
    ).toMatchInlineSnapshot(
      `"ShapeError: jvp: the tangent of leaf "[0].w" must be a tensor or null, got an object with "v"; null stands for none"`,
    );
  });

  it("jvp of a function that returns a string", () => {
    expect(messageOf(() => jvp((() => "text") as never, [x], [x]))).toMatchInlineSnapshot(
      `"DTypeError: jvp: the argument or result must be a tensor, a number, null, an array or a plain object, got a string (text); close over it, or register its class"`,
    );
  });

  it("vjp with a cotangent of another shape", () => {
    expect(messageOf(() => vjp(square, [x])[1](tensor(1)))).toMatchInlineSnapshot(
      `"ShapeError: vjp: the cotangent of the result must have shape [2], got []"`,
    );
  });

  it("vjp with a cotangent of another structure", () => {
    expect(messageOf(() => vjp((a: Tensor) => ({ y: a }), [x])[1]([x] as never))).toMatchInlineSnapshot(
      `"ShapeError: vjp: the cotangents must be an object with "y", got an array of 1; null stands for none"`,
    );
  });

  it("linearize with a bare tangent", () => {
    expect(messageOf(() => linearize(square, [x])[1](x as never))).toMatchInlineSnapshot(
      `"ShapeError: linearize: tangents must be an array with one entry per argument, got DenseTensor; write [x]"`,
    );
  });

  it("grad of a vector", () => {
    expect(messageOf(() => grad(square)(x))).toMatchInlineSnapshot(
      `"ShapeError: grad: the function must return a scalar, got [2]; wrap it in mean() or use vjp"`,
    );
  });

  it("grad of a tree", () => {
    expect(messageOf(() => loosely(grad)((a: Tensor) => [a.sum(), a.sum()])(x))).toMatchInlineSnapshot(
      `"ShapeError: grad: the function must return one scalar, got a tree of 2 leaves; with extra results use hasAux"`,
    );
  });

  it("grad of a whole number", () => {
    expect(messageOf(() => grad((a: Tensor) => a.argmax())(x))).toMatchInlineSnapshot(
      `"DTypeError: grad: the function must return a float, got int32, which has no derivative"`,
    );
  });

  it("grad by an int32 leaf", () => {
    expect(messageOf(() => grad(total)({ w: x, n }))).toMatchInlineSnapshot(
      `"DTypeError: grad: leaf "[0].n" is int32 and has no gradient; cast it with cast(x, "float64"), or leave it out of argnums"`,
    );
  });

  it("grad by an argument that is not there", () => {
    expect(messageOf(() => grad(square, { argnums: 1 as never })(x))).toMatchInlineSnapshot(
      `"ShapeError: grad: argnums must be distinct and in [0, 1), got [1] for 1 argument(s)"`,
    );
  });

  it("grad with aux of a function without", () => {
    expect(
      messageOf(() => grad(((a: Tensor) => a.sum()) as never, { hasAux: true })(...([x] as unknown as []))),
    ).toMatchInlineSnapshot(`"ShapeError: grad: with hasAux the function must return [out, aux], got a tensor"`);
  });

  it("grad of an async function", () => {
    expect(
      messageOf(() => grad((async (a: Tensor) => a.sum()) as never)(...([x] as unknown as []))),
    ).toMatchInlineSnapshot(
      `"DTypeError: grad: the argument or result is a Promise; transforms are synchronous, await values before or after them"`,
    );
  });

  it("jacfwd by a bool leaf", () => {
    expect(
      messageOf(() => jacfwd((p: { mask: Tensor }) => p.mask.cast("float64"))({ mask: tensor([true]) })),
    ).toMatchInlineSnapshot(
      `"DTypeError: jacfwd: leaf "[0].mask" is bool and has no gradient; cast it with cast(x, "float64"), or leave it out of argnums"`,
    );
  });

  it("reading a value inside vmap", () => {
    expect(messageOf(() => vmap((a: Tensor) => (a.item() > 0 ? a : a.neg()))(x))).toMatchInlineSnapshot(
      `"DTypeError: item: inside vmap a value stands for a whole batch and cannot be read; use where() instead of if, or read the value outside vmap"`,
    );
  });

  it("vmap of different sizes", () => {
    expect(messageOf(() => vmap((a: Tensor, b: Tensor) => a.add(b))(x, tensor([1, 2, 3])))).toMatchInlineSnapshot(
      `"ShapeError: vmap: mapped axes must have one size, got 2 at leaf "[0]" and 3 at leaf "[1]" [3]"`,
    );
  });

  it("vmap of nothing", () => {
    expect(messageOf(() => vmap(square, { inAxes: null })(x))).toMatchInlineSnapshot(
      `"ShapeError: vmap: at least one argument must be mapped, all inAxes are null"`,
    );
  });

  it("vmap of a scalar", () => {
    expect(messageOf(() => vmap(square)(tensor(1)))).toMatchInlineSnapshot(
      `"ShapeError: vmap: leaf "[0]" is 0-d and has no axis 0; set its inAxes to null"`,
    );
  });

  it("vmap over an axis that is not there", () => {
    expect(messageOf(() => vmap(square, { inAxes: 2 })(x))).toMatchInlineSnapshot(
      `"ShapeError: vmap: leaf "[0]": axis 2 is out of range for shape [2]"`,
    );
  });

  it("vmap with axes of another structure", () => {
    expect(
      messageOf(() => vmap((p: { w: Tensor }) => p.w, { inAxes: [{ v: 0 }] as never })({ w: x })),
    ).toMatchInlineSnapshot(
      `"ShapeError: vmap: the inAxes of leaf "[0]" must be an object with "w", got an object with "v"; leaf "[0].w" is missing; a number or null applies to all leaves below its place, null means not mapped"`,
    );
  });

  it("vmap with outAxes null for a mapped result", () => {
    expect(messageOf(() => vmap(square, { outAxes: null })(x))).toMatchInlineSnapshot(
      `"ShapeError: vmap: the result depends on a mapped argument, so its outAxes cannot be null; give it an axis"`,
    );
  });

  it("customVjp in forward mode", () => {
    expect(
      messageOf(() =>
        jvp(
          customVjp(
            square,
            (a: Tensor) => [square(a), a] as const,
            (a, ct: Tensor) => [ct.mul(a).mul(2)],
          ),
          [x],
          [x],
        ),
      ),
    ).toMatchInlineSnapshot(
      `"DTypeError: jvp: a customVjp function has no forward rule; define it with customJvp, or differentiate it with vjp or grad"`,
    );
  });

  it("customVjp with too many cotangents", () => {
    expect(
      messageOf(() =>
        vjp(
          customVjp(
            square,
            (a: Tensor) => [square(a), a] as const,
            (a, ct: Tensor) => [ct.mul(a), ct] as never,
          ),
          [x],
        )[1](x),
      ),
    ).toMatchInlineSnapshot(
      `"ShapeError: customVjp: the cotangents must be an array of 1, got an array of 2; null stands for none"`,
    );
  });

  it("customJvp with a tangent of another shape", () => {
    expect(
      messageOf(() =>
        jvp(
          customJvp(square, ([a], [da]) => [square(a), da.sum()]),
          [x],
          [x],
        ),
      ),
    ).toMatchInlineSnapshot(`"ShapeError: customJvp: the tangent of the result must have shape [2], got []"`);
  });

  it("a customJvp rule that is not linear", () => {
    expect(
      messageOf(() =>
        vjp(
          customJvp(square, ([a], [da]) => [square(a), da.exp()]),
          [x],
        )[1](x),
      ),
    ).toMatchInlineSnapshot(
      `"DTypeError: vjp: a jvp rule must be linear in its tangents, got "exp" of a tangent; correct the rule given to customJvp"`,
    );
  });

  it("a value kept after its transform", () => {
    expect(
      messageOf(() => {
        let kept = x;
        grad((a: Tensor) => {
          kept = a;
          return a.sum();
        })(x);
        return kept.add(1);
      }),
    ).toMatchInlineSnapshot(
      `"DTypeError: add: a value of grad escaped: it was kept after its transform ended, or stored outside it; return it from the function instead"`,
    );
  });

  it("checkGrads of float32", () => {
    expect(messageOf(() => checkGrads((p: { w: Tensor }) => p.w, [{ w: x.cast("float32") }]))).toMatchInlineSnapshot(
      `"DomainError: checkGrads: leaf "[0].w" must be float64, got float32, whose finite differences are too coarse; cast it with cast(x, "float64")"`,
    );
  });

  it("divergence of a field that changes the shape", () => {
    expect(messageOf(() => divergence((a: Tensor) => a.sum())(x))).toMatchInlineSnapshot(
      `"ShapeError: divergence: the field must keep the shape [..., dim], got [2] to []"`,
    );
  });

  it("divergence with no samples", () => {
    expect(messageOf(() => divergence(square, { method: "hutchinson", samples: 0 }))).toMatchInlineSnapshot(
      `"DomainError: divergence: samples must be a whole number ≥ 1, got 0"`,
    );
  });

  it("explain of an int32 leaf", () => {
    expect(messageOf(() => explain(total)({ w: x, n }))).toMatchInlineSnapshot(
      `"DTypeError: explain: leaf "[0].n" is int32 and has no gradient; cast it with cast(x, "float64"), or leave it out of argnums"`,
    );
  });

  it("freezeStops of a function that changes its stops", () => {
    expect(
      messageOf(() => {
        let label = "target";
        const frozen = freezeStops((a: Tensor) => stopGradient(a, label));
        frozen(x);
        label = "teacher";
        frozen(x);
      }),
    ).toMatchInlineSnapshot(
      `"DomainError: freezeStops: stop 1 must be "target" [2], as in the first call, got "teacher" [2]; apply the same stops to the same shapes in every call"`,
    );
  });

  it("debugNans of a logarithm", () => {
    expect(messageOf(() => debugNans((a: Tensor) => a.sub(2).log())(x))).toMatchInlineSnapshot(
      `"DomainError: debugNans: "log" made the first NaN, at flat index 0 of [2], from [2] in [-1, 0]; at messages.test.ts"`,
    );
  });

  it("checkpoint of a function that returns a function", () => {
    expect(messageOf(() => checkpoint((() => square) as never)(...([x] as unknown as [])))).toMatchInlineSnapshot(
      `"DTypeError: checkpoint: the argument or result must be a tensor, a number, null, an array or a plain object, got a function ((x) => x.mul(x)); close over it, or register its class"`,
    );
  });
});
