import type { MatrixPlace, MatrixProduct } from "./kernelText.ts";

/** Rows and columns of a tile of the result, of which 16 × 16 threads compute 4 × 4 numbers each, and terms taken at a time. */
export const tile = { size: 64, depth: 16 } as const;

/**
 * Whether tiles are worth it: a small product has few tiles, which leave most of a GPU idle; one thread for each number is
 * faster there.
 */
export function isWorthTiles({ m, k, n, left, right }: MatrixProduct): boolean {
  const tiles = Math.ceil(m / tile.size) * Math.ceil(n / tile.size);
  const isForward = [left, right].every(({ rows, columns }) => rows >= 0 && columns >= 0);
  return isForward && m >= tile.size && n >= tile.size && k >= 2 * tile.depth && tiles >= 16;
}

/** Tiles along the terms whose sums are added one after another before they join a sum of such sums. */
const run = 12;

/**
 * The entry point of a matrix product in WGSL: both operands pass through workgroup memory in tiles, so that each number is
 * read 64 times less often. Terms are added tile by tile, tiles in runs, and runs in runs of runs: errors grow with log k.
 *
 * @param product names of arrays as gpu.js declares them are `user_` and the parameter
 */
export function tiledWgsl({ m, k, n, left, right }: MatrixProduct): string {
  const tiles = Math.ceil(k / tile.depth);
  let levels = 1;
  while (run ** levels < tiles) levels++;
  const sums = (level: number): string => (level === 0 ? "sums" : `sums${level}`);
  const tileOfTerms = (): string => `    for (var part = 0u; part < 4u; part++) {
      let element = thread + part * 256u;
${load("Left", left, "row", "firstRow", m, k)}
${load("Right", right, "column", "firstColumn", n, k)}
    }
    workgroupBarrier();
    for (var p = 0u; p < ${tile.depth}u; p++) {
      let l = p * ${tile.size}u + local.y * 4u;
      let r = p * ${tile.size}u + local.x * 4u;
      let b = vec4<f32>(tileRight[r], tileRight[r + 1u], tileRight[r + 2u], tileRight[r + 3u]);
      ${sums(levels)}[0] += tileLeft[l] * b;
      ${sums(levels)}[1] += tileLeft[l + 1u] * b;
      ${sums(levels)}[2] += tileLeft[l + 2u] * b;
      ${sums(levels)}[3] += tileLeft[l + 3u] * b;
    }
    workgroupBarrier();`;
  /** Runs of a level from its start on: the last of them may be shorter. */
  const runs = (level: number, from: string, most: number): string => {
    if (level > levels) return `let start = ${from};\n${tileOfTerms()}`;
    const step = tile.depth * run ** (levels - level);
    const end = level === 1 ? `${k}u` : `min(${from} + ${most}u, ${k}u)`;
    return `for (var start${level} = ${from}; start${level} < ${end}; start${level} += ${step}u) {
  var ${sums(level)} = array<vec4<f32>, 4>();
${runs(level + 1, `start${level}`, step)}
  for (var i = 0u; i < 4u; i++) { ${sums(level - 1)}[i] += ${sums(level)}[i]; }
}`;
  };
  return `var<workgroup> tileLeft : array<f32, ${tile.size * tile.depth}>;
var<workgroup> tileRight : array<f32, ${tile.size * tile.depth}>;

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_id) local : vec3<u32>) {
  let thread = local.y * 16u + local.x;
  let firstRow = group.y * ${tile.size}u;
  let firstColumn = group.x * ${tile.size}u;
  var sums = array<vec4<f32>, 4>();
${runs(1, "0u", 0)}
  for (var i = 0u; i < 4u; i++) {
    let row = firstRow + local.y * 4u + i;
    for (var j = 0u; j < 4u; j++) {
      let column = firstColumn + local.x * 4u + j;
      if (row < ${m}u && column < ${n}u) { result[row * ${n}u + column] = sums[i][j]; }
    }
  }
}
`;
}

/** Fetches one element of a tile: neighbouring threads take neighbours in memory, along the terms or across them. */
function load(side: string, place: MatrixPlace, name: string, first: string, size: number, k: number): string {
  const isLeft = name === "row";
  const [across, along] = isLeft ? [place.rows, place.columns] : [place.columns, place.rows];
  const isAcross = across === 1;
  const [lane, term] = isAcross
    ? [`element % ${tile.size}u`, `element / ${tile.size}u`]
    : [`element / ${tile.depth}u`, `element % ${tile.depth}u`];
  return `      let lane${side} = ${lane};
      let term${side} = ${term};
      let ${name} = ${first} + lane${side};
      let at${side} = start + term${side};
      var value${side} = 0.0;
      if (${name} < ${size}u && at${side} < ${k}u) {
        value${side} = user_${place.array}[${place.offset}u + ${name} * ${across}u + at${side} * ${along}u];
      }
      tile${side}[term${side} * ${tile.size}u + lane${side}] = value${side};`;
}
