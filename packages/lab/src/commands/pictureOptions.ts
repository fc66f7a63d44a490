import type { RawOptions } from "./settingOptions.ts";

/** The loss of `start --pictures`, which distils a guided velocity. */
export const pictureLoss = "meanFlow";

/** Settings of `start --pictures`, for its embedded digits and for other small pictures with labels. */
const usual: RawOptions = { data: "digits", guidance: "1.1", steps: "6000" };

/** Settings of its network, a perceptron of principal components; other networks read pixels and have settings of their own. */
const perceptron: RawOptions = { network: "mlp", width: "256", latent: "pca:64" };

/** The settings of `start --pictures` where no others are given. */
export const pictureOptions = ({ network }: RawOptions): RawOptions => ({
  ...usual,
  ...(network === undefined ? perceptron : {}),
});
