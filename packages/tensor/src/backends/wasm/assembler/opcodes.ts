/*
 * The instructions of WebAssembly that kernels use, as numbers: one byte, or prefix · 65536 + code.
 *
 * @source WebAssembly Core Specification 2.0, section 5.4; relaxed SIMD proposal
 */

const simd = (code: number): number => 0xfd0000 + code;
const saturating = (code: number): number => 0xfc0000 + code;

/** An instruction without immediates, or the head of one with them. */
export type Opcode = number;

/** 32-bit integers and addresses. */
export const i32 = {
  ...{ load: 0x28, load8U: 0x2d, load16U: 0x2f, store: 0x36, store8: 0x3a, store16: 0x3b, eqz: 0x45, eq: 0x46 },
  ...{ ltS: 0x48, ltU: 0x49, gtS: 0x4a, add: 0x6a, sub: 0x6b, mul: 0x6c, divU: 0x6e, remU: 0x70, and: 0x71 },
  ...{ shl: 0x74, shrU: 0x76 },
} as const;

/** 64-bit integers. */
export const i64 = { load: 0x29, store: 0x37 } as const;

/** Single precision. */
export const f32 = { demoteF64: 0xb6 } as const;

/** Double precision. */
export const f64 = { promoteF32: 0xbb } as const;

/** 128 bits of any kind: memory and bits. */
export const v128 = {
  ...{ load: simd(0), load8Splat: simd(7), load16Splat: simd(8), load32Splat: simd(9), load64Splat: simd(10) },
  ...{ store: simd(11), const: simd(12), shuffle: simd(13), not: simd(77), and: simd(78), andNot: simd(79) },
  ...{ or: simd(80), xor: simd(81), bitselect: simd(82), anyTrue: simd(83), load8Lane: simd(84) },
  ...{ load32Lane: simd(86), load64Lane: simd(87), store8Lane: simd(88), store16Lane: simd(89) },
  ...{ store32Lane: simd(90), store64Lane: simd(91), load32Zero: simd(92), load64Zero: simd(93) },
} as const;

/** Sixteen bytes. */
export const i8x16 = { ne: simd(36), neg: simd(97), narrowI16x8S: simd(101) } as const;

/** Eight 16-bit integers. */
export const i16x8 = { narrowI32x4S: simd(133), extendLowI8x16U: simd(137) } as const;

/** Four 32-bit integers. */
export const i32x4 = {
  ...{ splat: simd(17), extractLane: simd(27), replaceLane: simd(28), eq: simd(55), ne: simd(56), ltS: simd(57) },
  ...{ gtS: simd(59), leS: simd(61), abs: simd(160), neg: simd(161), extendLowI16x8U: simd(169), shl: simd(171) },
  ...{ shrS: simd(172), shrU: simd(173), add: simd(174), sub: simd(177), mul: simd(181), minS: simd(182) },
  ...{ maxS: simd(184), truncSatF32x4U: simd(249), truncSatF64x2SZero: simd(252), truncSatF64x2UZero: simd(253) },
} as const;

/** Two 64-bit integers. */
export const i64x2 = {
  ...{ extendLowI32x4S: simd(199), shl: simd(203), shrS: simd(204), shrU: simd(205), add: simd(206) },
  ...{ sub: simd(209), ne: simd(215), ltS: simd(216) },
} as const;

/** Four single precision numbers. */
export const f32x4 = {
  ...{ extractLane: simd(31), replaceLane: simd(32), eq: simd(65), ne: simd(66), lt: simd(67), gt: simd(68) },
  ...{ le: simd(69), ge: simd(70), ceil: simd(103), floor: simd(104), trunc: simd(105), nearest: simd(106) },
  ...{ abs: simd(224), neg: simd(225), sqrt: simd(227), add: simd(228), sub: simd(229), mul: simd(230) },
  ...{ div: simd(231), min: simd(232), max: simd(233), pmin: simd(234), pmax: simd(235), convertI32x4S: simd(250) },
  ...{ demoteF64x2Zero: simd(94), relaxedMadd: simd(0x105), relaxedNmadd: simd(0x106) },
} as const;

/** Two double precision numbers. */
export const f64x2 = {
  ...{ extractLane: simd(33), replaceLane: simd(34), eq: simd(71), ne: simd(72), lt: simd(73), gt: simd(74) },
  ...{ le: simd(75), ge: simd(76), ceil: simd(116), floor: simd(117), trunc: simd(122), nearest: simd(148) },
  ...{ abs: simd(236), neg: simd(237), sqrt: simd(239), add: simd(240), sub: simd(241), mul: simd(242) },
  ...{ div: simd(243), min: simd(244), max: simd(245), pmin: simd(246), pmax: simd(247) },
  ...{ convertLowI32x4S: simd(254), convertLowI32x4U: simd(255), promoteLowF32x4: simd(95) },
  ...{ relaxedMadd: simd(0x107), relaxedNmadd: simd(0x108) },
} as const;

/** Whole ranges of memory; written by `memoryFill` and `memoryCopy`. */
export const memory = { copy: saturating(10), fill: saturating(11) } as const;

/** log₂ of the bytes that a memory instruction touches: its natural alignment. */
export function naturalAlignment(opcode: Opcode): number {
  const known = alignments.get(opcode);
  if (known === undefined) throw new Error(`assembler: 0x${opcode.toString(16)} must be a memory instruction`);
  return known;
}

/** Memory instructions by log₂ of their bytes. */
const bySize: readonly (readonly Opcode[])[] = [
  [i32.load8U, i32.store8, v128.load8Splat, v128.load8Lane, v128.store8Lane],
  [i32.load16U, i32.store16, v128.load16Splat, v128.store16Lane],
  [i32.load, i32.store, v128.load32Splat, v128.load32Zero, v128.load32Lane, v128.store32Lane],
  [i64.load, i64.store, v128.load64Splat, v128.load64Zero, v128.load64Lane, v128.store64Lane],
  [v128.load, v128.store],
];

const alignments = new Map(bySize.flatMap((opcodes, log2) => opcodes.map((opcode) => [opcode, log2] as const)));
