/** The schedule of Stable Diffusion: √β even from the first to the last of the steps. @source configuration "scaled_linear" of its scheduler */
const schedule = { steps: 1000, first: Math.sqrt(0.00085), last: Math.sqrt(0.012) };

/**
 * The steps of Stable Diffusion's schedule as our times, from the cleanest step 0 to the noisiest step 999.
 *
 *   t = √ᾱ/(√ᾱ + √(1 − ᾱ)),   ᾱᵢ = Π_{j ≤ i} (1 − βⱼ),   √βⱼ = √0.00085 + j/999·(√0.012 − √0.00085)
 *
 * @source Rombach et al. 2022, whose schedule VSD, SwiftBrush and DMD2 use
 */
export const ddpmTimes: readonly number[] = timesOf(schedule);

function timesOf({ steps, first, last }: typeof schedule): number[] {
  let kept = 1;
  return Array.from({ length: steps }, (_, j) => {
    kept *= 1 - (first + (j / (steps - 1)) * (last - first)) ** 2;
    return Math.sqrt(kept) / (Math.sqrt(kept) + Math.sqrt(1 - kept));
  });
}
