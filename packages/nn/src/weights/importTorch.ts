import {
  DomainError,
  formatShape,
  mustBe,
  optionsOf,
  quote,
  ShapeError,
  type Tensor,
  transpose,
} from "@pushforward/tensor";

/** Names and axes of the weights of a PyTorch module, in our terms. */
export interface TorchLayout {
  /** Parts of dotted names and what replaces them, in this order; "" removes a part, null leaves the tensors out. */
  readonly rename?: Readonly<Record<string, string | null>>;
  /**
   * Parts of our names whose tensors have other axes than usual: a permutation of the axes, or false for none. By default a `weight` with two axes
   * [out, in] becomes [in, out], and one with four [out, in, height, width] becomes [height, width, in, out].
   */
  readonly transpose?: Readonly<Record<string, false | readonly number[]>>;
}

/** The usual permutation of the axes of a weight, by their number. */
const usual: Readonly<Record<number, readonly number[]>> = { 2: [1, 0], 4: [2, 3, 1, 0] };

/**
 * Weights of PyTorch under our names and with our axes, for `fromNamed`. A file of safetensors is read by `parseSafetensors`.
 *
 * A table of embeddings [count, dim] has the axes of a matrix and must be named in `transpose` with false.
 *
 * @param tensors tensors by the names of `state_dict`
 * @throws DomainError if two tensors get the same name, ShapeError for a permutation that does not fit
 */
export function importTorch(
  tensors: Readonly<Record<string, Tensor>>,
  layout: TorchLayout = {},
): Record<string, Tensor> {
  mustBe("importTorch", "the tensors", tensors, "object");
  const { rename = {}, transpose: axes = {} } = optionsOf("importTorch", layout);
  mustBe("importTorch", "rename", rename, "object");
  mustBe("importTorch", "transpose", axes, "object");
  for (const to of Object.values(rename)) if (to !== null) mustBe("importTorch", "a name of rename", to, "text");
  const result: Record<string, Tensor> = {};
  for (const [given, tensor] of Object.entries(tensors)) {
    mustBe("importTorch", quote(given), tensor, "tensor");
    const name = renamed(given, rename);
    if (name === null) continue;
    if (Object.hasOwn(result, name)) {
      throw new DomainError(`importTorch: tensors must have different names, got ${quote(name)} twice`);
    }
    result[name] = permuted(name, tensor, axes);
  }
  return result;
}

/** Where a run of parts begins in a list of parts, or −1. */
const placeOf = (run: readonly string[], parts: readonly string[]): number =>
  parts.findIndex((_, i) => run.every((part, k) => parts[i + k] === part));

function renamed(name: string, rename: Readonly<Record<string, string | null>>): string | null {
  let parts = name.split(".");
  for (const [from, to] of Object.entries(rename)) {
    const run = from.split(".");
    const at = placeOf(run, parts);
    if (at < 0) continue;
    if (to === null) return null;
    parts = [...parts.slice(0, at), ...(to === "" ? [] : to.split(".")), ...parts.slice(at + run.length)];
  }
  return parts.join(".");
}

function permuted(name: string, tensor: Tensor, axes: Readonly<Record<string, false | readonly number[]>>): Tensor {
  const parts = name.split(".");
  const rule = Object.entries(axes).find(([each]) => placeOf(each.split("."), parts) >= 0);
  const permutation = rule ? rule[1] : parts.at(-1) === "weight" ? usual[tensor.rank] : undefined;
  if (permutation === undefined || permutation === false) return tensor;
  const fits =
    Array.isArray(permutation) &&
    permutation.length === tensor.rank &&
    tensor.shape.every((_, axis) => permutation.includes(axis));
  if (fits) return transpose(tensor, permutation);
  throw new ShapeError(
    `importTorch: transpose of ${quote(rule?.[0])} must be false or a permutation of the axes of ${formatShape(tensor.shape)}, got ${quote(permutation)}`,
  );
}

/**
 * Layouts of published code by network.
 *
 * `dit` is that of DiT and SiT, without learnt variances: a velocity v(x, t) (`times: 1`) whose times have the embedding
 * `{ kind: "timestep", size: 256 }`, with the scale 1000 for DiT. Positions are constants and are left out.
 *
 * @source Peebles and Xie 2023 and Ma et al. 2024, official code, models.py
 */
export const torchLayouts = {
  dit: {
    rename: {
      pos_embed: null,
      x_embedder: "xEmbedder",
      "t_embedder.mlp.0": "tEmbedder.fc1",
      "t_embedder.mlp.2": "tEmbedder.fc2",
      "y_embedder.embedding_table": "yEmbedder",
      "adaLN_modulation.1": "adaLN",
      q_norm: "qNorm",
      k_norm: "kNorm",
      final_layer: "finalLayer",
    },
    transpose: { yEmbedder: false },
  },
} as const satisfies Readonly<Record<string, TorchLayout>>;
