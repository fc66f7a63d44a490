import { BackendError } from "@pushforward/tensor";

/**
 * The kernel of convolutions, which workers of this page do not have: their networks are perceptrons.
 *
 * @throws BackendError always
 */
export function lowerConv(): never {
  throw new BackendError('wasm: a program in this page must have no conv; compile it with { backend: "reference" }');
}
