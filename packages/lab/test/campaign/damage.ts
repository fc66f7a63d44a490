import type { Random } from "./random.ts";

/** Ways to damage the bytes of a file; each may also leave them as they are. */
const damages = {
  "flipped bits"(bytes: Buffer, random: Random): Buffer {
    for (let left = random.whole(1, 4); left > 0; left--)
      bytes[random.whole(0, bytes.length - 1)] ^= 1 << random.whole(0, 7);
    return bytes;
  },
  "random bytes": (bytes: Buffer, random: Random): Buffer =>
    onRange(bytes, random, (part) => part.set(Array.from(part, () => random.whole(0, 255)))),
  zeros: (bytes: Buffer, random: Random): Buffer => onRange(bytes, random, (part) => part.fill(0)),
  "cut off": (bytes: Buffer, random: Random): Buffer => bytes.subarray(0, random.whole(0, bytes.length - 1)),
  "bytes added": (bytes: Buffer, random: Random): Buffer =>
    Buffer.concat([bytes, Buffer.alloc(random.whole(1, 600), random.whole(0, 255))]),
  "a part left out"(bytes: Buffer, random: Random): Buffer {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  "a part twice"(bytes: Buffer, random: Random): Buffer {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  "parts swapped"(bytes: Buffer, random: Random): Buffer {
    const length = random.whole(1, Math.max(1, Math.min(64, Math.floor(bytes.length / 2))));
    const [a, b] = [random.whole(0, bytes.length - length), random.whole(0, bytes.length - length)];
    const [first, second] = [a, b].map((at) => Buffer.from(bytes.subarray(at, at + length)));
    second.copy(bytes, a);
    first.copy(bytes, b);
    return bytes;
  },
} as const;

/** A random damage of a copy of some bytes, with its name. */
export function damaged(content: Uint8Array, random: Random): { readonly how: string; readonly bytes: Buffer } {
  const how = random.choose(Object.keys(damages) as (keyof typeof damages)[]);
  return { how, bytes: content.length === 0 ? Buffer.from("x") : damages[how](Buffer.from(content), random) };
}

function range(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = random.whole(0, bytes.length - 1);
  return [from, Math.min(bytes.length, from + random.choose([1, 2, 8, 64, 512]))];
}

function onRange(bytes: Buffer, random: Random, change: (part: Buffer) => void): Buffer {
  const [from, to] = range(bytes, random);
  change(bytes.subarray(from, to));
  return bytes;
}
