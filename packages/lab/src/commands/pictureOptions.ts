import type { RawOptions } from "./settingOptions.ts";

/** The loss of `start --pictures`, which distils the velocity of a teacher. */
export const pictureLoss = "meanFlow";

/**
 * Settings of `start --pictures`, for its embedded digits and for other small pictures with labels: samples of the plain law of each class,
 * and an average over so many steps that noise of single ones is gone.
 */
const usual: RawOptions = { data: "digits", guidance: "1", ema: "0.999", steps: "6000" };

/** Settings of its network, a perceptron of principal components; other networks read pixels and have settings of their own. */
const perceptron: RawOptions = { network: "mlp", width: "256", latent: "pca:64" };

/** The settings of `start --pictures` where no others are given. */
export const pictureOptions = ({ network }: RawOptions): RawOptions => ({
  ...usual,
  ...(network === undefined ? perceptron : {}),
});
