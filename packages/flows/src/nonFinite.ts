import type { Tensor } from "@pushforward/tensor";

/** An entry that is NaN or infinite. */
export interface NonFinite {
  readonly value: number;
  readonly row: number;
  readonly coordinate: number;
}

/** The first entry that is not finite in the given rows. */
export function nonFinite(x: Tensor, isAsked: (row: number) => boolean = () => true): NonFinite | undefined {
  const { buffer } = x.concrete("integrate");
  const dim = x.rank === 0 ? 1 : x.shape[x.rank - 1];
  const place = buffer.findIndex((value, i) => !Number.isFinite(value) && isAsked(Math.floor(i / dim)));
  return place < 0 ? undefined : { value: buffer[place], row: Math.floor(place / dim), coordinate: place % dim };
}

/** An entry in words, for messages. */
export const describeNonFinite = ({ value, row, coordinate }: NonFinite): string =>
  `${value} in row ${row}, coordinate ${coordinate}`;
