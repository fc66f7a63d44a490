/**
 * Terms that a loop adds one after another: longer sums are sums of such sums, in as many levels as needed. So the rounding
 * errors of n terms grow with log n: less than 2·10⁻⁷·log₂ n of Σ|terms|.
 */
export const longestRun = 12;

/** A loop of a kernel. */
export interface Loop {
  readonly counter: string;
  readonly end: number;
}

/** An index from 0 to a size as the counters of nested loops. */
export interface IndexLoops {
  readonly loops: readonly Loop[];
  /** The index, as integer source. */
  readonly index: string;
  /** Whether the loops go beyond the size. */
  readonly isCut: boolean;
}

/** Loops of at most so many rounds each, of about equal length. */
export function indexLoops(name: string, size: number, longest = longestRun): IndexLoops {
  let levels = 1;
  while (longest ** levels < size) levels++;
  const rounds = Math.ceil(size ** (1 / levels) - 1e-9);
  const strides = Array.from({ length: levels }, (_, level) => rounds ** (levels - 1 - level));
  const loops = strides.map((stride, level) => ({
    counter: level === 0 ? name : `${name}${"abcdefgh"[level - 1]}`,
    end: level === 0 ? Math.ceil(size / stride) : rounds,
  }));
  const terms = loops.map(({ counter }, level) => (strides[level] === 1 ? counter : `${counter} * ${strides[level]}`));
  const index = terms.length === 1 ? terms[0] : `(${terms.join(" + ")})`;
  return { loops, index, isCut: loops[0].end * strides[0] !== size };
}

/**
 * Statements that leave a sum in `total`: nested loops, each with a total of its own.
 *
 * @param term statements of the innermost loop, which add to the given variable
 */
export function blockedSum(loops: readonly Loop[], term: (total: string) => readonly string[]): string[] {
  const nest = (level: number): string[] => {
    const total = level === 0 ? "total" : `total${level}`;
    const [loop] = loops.slice(level);
    if (!loop) return [...term("total")];
    const { counter, end } = loop;
    const isLast = level === loops.length - 1;
    const inner = isLast ? term(total) : [...nest(level + 1), `${total} += total${level + 1};`];
    return [`let ${total} = 0;`, `for (let ${counter} = 0; ${counter} < ${end}; ${counter}++) {`, ...inner, "}"];
  };
  return loops.length === 0 ? ["let total = 0;", ...term("total")] : nest(0);
}
