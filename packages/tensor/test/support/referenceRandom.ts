/**
 * JAX's random bits a second time, in BigInt arithmetic modulo 2³² and straight from the published algorithms: slow, and with
 * nothing in common with the implementation under test.
 *
 * @source Salmon et al. 2011 (threefry-2×32, 20 rounds); JAX, jax/_src/prng.py and jax/_src/random.py (what is counted and mixed)
 */
const modulus = 1n << 32n;
const word = (x: bigint): bigint => ((x % modulus) + modulus) % modulus;

export type Words = readonly [bigint, bigint];

const rotations = [
  [13n, 15n, 26n, 6n],
  [17n, 29n, 16n, 24n],
];

/** One block. */
export function threefry([k0, k1]: Words, [c0, c1]: Words): Words {
  const schedule = [k0, k1, k0 ^ k1 ^ 0x1bd11bdan];
  let [x, y] = [word(c0 + k0), word(c1 + k1)];
  for (let group = 0; group < 5; group++) {
    for (const r of rotations[group % 2]) {
      x = word(x + y);
      y = x ^ (word(y << r) | (y >> (32n - r)));
    }
    x = word(x + schedule[(group + 1) % 3]);
    y = word(y + schedule[(group + 2) % 3] + BigInt(group + 1));
  }
  return [x, y];
}

const counters = (count: number): Words[] => Array.from({ length: count }, (_, i) => [0n, BigInt(i)]);

export const split = (key: Words, count: number): Words[] => counters(count).map((counter) => threefry(key, counter));

export const bits = (key: Words, count: number): bigint[] =>
  counters(count).map((counter) => {
    const [high, low] = threefry(key, counter);
    return high ^ low;
  });

export const foldIn = (key: Words, data: number): Words => threefry(key, [0n, BigInt.asUintN(32, BigInt(data))]);

/** float32: the top 23 bits of a word; float64: the top 52 of two words. */
export const uniform32 = (key: Words, count: number): number[] =>
  bits(key, count).map((x) => Number(x >> 9n) / 2 ** 23);
export const uniform64 = (key: Words, count: number): number[] =>
  counters(count).map((counter) => {
    const [high, low] = threefry(key, counter);
    return Number(((high << 32n) | low) >> 12n) / 2 ** 52;
  });

/** Two words an element: (high·2³² + low) mod span, in 32-bit arithmetic that wraps. */
export function randint(key: Words, count: number, min: number, max: number): number[] {
  const [first, second] = split(key, 2);
  const span = BigInt(max) - BigInt(min);
  const half = (1n << 16n) % span;
  const multiplier = word(half * half) % span;
  const low = bits(second, count);
  return bits(first, count).map((high, i) => {
    const offset = word(word((high % span) * multiplier) + (low[i] % span)) % span;
    return Number(BigInt.asIntN(32, BigInt(min) + offset));
  });
}

/** Rounds of sorting by random words. */
export function permutation(key: Words, values: readonly number[]): number[] {
  const rounds = Math.ceil((3 * Math.log(Math.max(1, values.length))) / Math.log(2 ** 32 - 1));
  let [state, result] = [key, [...values]];
  for (let round = 0; round < rounds; round++) {
    const [next, use] = split(state, 2);
    const words = bits(use, values.length);
    const order = words.map((_, i) => i).sort((a, b) => Number(words[a] - words[b]) || a - b);
    result = order.map((i) => result[i]);
    state = next;
  }
  return result;
}
