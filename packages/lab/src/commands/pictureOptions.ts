import type { RawOptions } from "./settingOptions.ts";

/** The loss of `start --pictures`, which distils the velocity of a teacher. */
export const pictureLoss = "meanFlow";

/**
 * Settings of `start --pictures`, for its embedded digits and for other small pictures with labels. Samples of a short training vary less than
 * data; a little guidance lets them vary more, and a long average removes the noise of single steps.
 */
const usual: RawOptions = { data: "digits", guidance: "1.1", ema: "0.999", steps: "6000" };

/** Settings of its network, a perceptron of principal components; other networks read pixels and have settings of their own. */
const perceptron: RawOptions = { network: "mlp", width: "256", latent: "pca:64" };

/** The settings of `start --pictures` where no others are given. */
export const pictureOptions = ({ network }: RawOptions): RawOptions => ({
  ...usual,
  ...(network === undefined ? perceptron : {}),
});
