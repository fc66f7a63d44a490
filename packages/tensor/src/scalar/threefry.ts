/** Parity constant of the key schedule. @source Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" */
export const threefryParity = 0x1bd11bda;

/** Rotations of the rounds; the two rows take turns. @source Salmon et al. 2011 */
export const threefryRotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

const [[odd0, odd1, odd2, odd3], [even0, even1, even2, even3]] = threefryRotations;

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/**
 * One word of threefry2x32 with 20 rounds: a counter in, random bits out, no state. Allocates nothing.
 *
 * All words are int32 bit patterns.
 *
 * @param word which of the two output words, 0 or 1
 * @source Salmon et al. 2011: key schedule and number of rounds
 */
export function threefryWord(key0: number, key1: number, counter0: number, counter1: number, word: number): number {
  let a = key0 | 0;
  let b = key1 | 0;
  let c = key0 ^ key1 ^ threefryParity;
  let x = (counter0 + a) | 0;
  let y = (counter1 + b) | 0;
  for (let group = 1; group <= 5; group++) {
    const isOdd = group % 2 === 1;
    x = (x + y) | 0;
    y = rotate(y, isOdd ? odd0 : even0) ^ x;
    x = (x + y) | 0;
    y = rotate(y, isOdd ? odd1 : even1) ^ x;
    x = (x + y) | 0;
    y = rotate(y, isOdd ? odd2 : even2) ^ x;
    x = (x + y) | 0;
    y = rotate(y, isOdd ? odd3 : even3) ^ x;
    // the key goes in after every four rounds, its three words taking turns
    const first = a;
    a = b;
    b = c;
    c = first;
    x = (x + a) | 0;
    y = (y + b + group) | 0;
  }
  return word === 0 ? x : y;
}

/**
 * Both words of threefry2x32 with 20 rounds.
 *
 * @returns two int32 bit patterns
 */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  return [threefryWord(key0, key1, counter0, counter1, 0), threefryWord(key0, key1, counter0, counter1, 1)];
}
