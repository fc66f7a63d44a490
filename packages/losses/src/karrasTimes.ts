import { DomainError, integerPow, mustBe, optionsOf, pow, quote, reciprocal, type Tensor } from "@pushforward/tensor";

/** @source Karras et al. 2022, table 1 */
const karrasRange = { sigmaMin: 0.002, sigmaMax: 80, rho: 7 };

/** The time t = 1/(1 + σ) of a position among the noise levels; position 0 is the cleanest level, 1 the noisiest. */
export const karrasTime = (place: Tensor): Tensor => {
  const { sigmaMin, sigmaMax, rho } = karrasRange;
  const [clean, noisy] = [sigmaMin ** (1 / rho), sigmaMax ** (1 / rho)];
  return reciprocal(integerPow(place.mul(noisy - clean).add(clean), rho).add(1));
};

/** ln σ of the cleanest and of the noisiest level. */
export const karrasLogarithms = [Math.log(karrasRange.sigmaMin), Math.log(karrasRange.sigmaMax)] as const;

/** The position of a noise level σ among the levels, the inverse of `karrasTime`. */
export const karrasPlace = (sigma: Tensor): Tensor => {
  const { sigmaMin, sigmaMax, rho } = karrasRange;
  const [clean, noisy] = [sigmaMin ** (1 / rho), sigmaMax ** (1 / rho)];
  return pow(sigma, 1 / rho)
    .sub(clean)
    .div(noisy - clean);
};

/**
 * Noise levels as our times, from the noisiest to the cleanest: t = 1/(1 + σ).
 *
 *   σᵢ = (σ_max^{1/ρ} + i/(N − 1)·(σ_min^{1/ρ} − σ_max^{1/ρ}))^ρ
 *
 * @throws DomainError unless there are at least two levels, and 0 < σ_min ≤ σ_max and ρ > 0
 * @source Karras et al. 2022, equation 5
 */
export function karrasTimes(levels: number, range: Partial<typeof karrasRange> = {}): number[] {
  const {
    sigmaMin = karrasRange.sigmaMin,
    sigmaMax = karrasRange.sigmaMax,
    rho = karrasRange.rho,
  } = optionsOf("karrasTimes", range);
  for (const [name, value] of Object.entries({ sigmaMin, sigmaMax, rho })) mustBe("karrasTimes", name, value, "number");
  if (!Number.isInteger(levels) || levels < 2) {
    throw new DomainError(`karrasTimes: levels must be a whole number ≥ 2, got ${quote(levels)}`);
  }
  if (!(sigmaMin > 0 && sigmaMin <= sigmaMax && Number.isFinite(sigmaMax) && rho > 0 && Number.isFinite(rho))) {
    throw new DomainError(
      `karrasTimes: needs 0 < sigmaMin ≤ sigmaMax and rho > 0, got ${sigmaMin}, ${sigmaMax} and ${rho}`,
    );
  }
  const [first, last] = [sigmaMax ** (1 / rho), sigmaMin ** (1 / rho)];
  return Array.from({ length: levels }, (_, i) => 1 / (1 + (first + (i / (levels - 1)) * (last - first)) ** rho));
}
