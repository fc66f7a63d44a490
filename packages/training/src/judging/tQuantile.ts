/**
 * The probability that a variable of Student's t distribution lies in (−t, t), in the closed form for whole degrees of freedom ν, with
 * θ = arctan(t/√ν): for even ν it is sin θ (1 + ½ cos² θ + …), for odd ν it is 2/π (θ + sin θ (cos θ + ⅔ cos³ θ + …)).
 *
 * @source Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4
 */
export function tProbability(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const isOdd = freedom % 2 === 1;
  let [term, sum] = [isOdd ? Math.cos(angle) : 1, 0];
  for (let k = isOdd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= ((k + 1) / (k + 2)) * Math.cos(angle) ** 2;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/**
 * The number t for which a variable of Student's t distribution lies in (−t, t) with a probability, by bisection.
 *
 * @param freedom degrees of freedom, a whole number from 1
 */
export function tQuantile(probability: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (tProbability(high, freedom) < probability) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (tProbability(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
