/*
 * Instructions of WebAssembly as numbers: one byte, or prefix · 65536 + code.
 *
 * @source WebAssembly Core Specification 2.0, section 5.4; relaxed SIMD and threads proposals
 */

const simd = (code: number): number => 0xfd0000 + code;
const atomic = (code: number): number => 0xfe0000 + code;
const saturating = (code: number): number => 0xfc0000 + code;

/** An instruction without immediates, or the head of one with them. */
export type Opcode = number;

/** 32-bit integers and addresses. */
export const i32 = {
  ...{ load: 0x28, load8S: 0x2c, load8U: 0x2d, load16S: 0x2e, load16U: 0x2f, store: 0x36, store8: 0x3a, store16: 0x3b },
  ...{ eqz: 0x45, eq: 0x46, ne: 0x47, ltS: 0x48, ltU: 0x49, gtS: 0x4a, gtU: 0x4b, leS: 0x4c, leU: 0x4d, geS: 0x4e },
  ...{ geU: 0x4f, clz: 0x67, ctz: 0x68, popcnt: 0x69, add: 0x6a, sub: 0x6b, mul: 0x6c, divS: 0x6d, divU: 0x6e },
  ...{ remS: 0x6f, remU: 0x70, and: 0x71, or: 0x72, xor: 0x73, shl: 0x74, shrS: 0x75, shrU: 0x76, rotl: 0x77 },
  ...{ rotr: 0x78, wrapI64: 0xa7, reinterpretF32: 0xbc, truncSatF32S: saturating(0), truncSatF64S: saturating(2) },
} as const;

/** 64-bit integers. */
export const i64 = {
  ...{ load: 0x29, store: 0x37, eqz: 0x50, eq: 0x51, ne: 0x52, ltS: 0x53, ltU: 0x54, gtS: 0x55, gtU: 0x56 },
  ...{ add: 0x7c, sub: 0x7d, mul: 0x7e, and: 0x83, or: 0x84, xor: 0x85, shl: 0x86, shrS: 0x87, shrU: 0x88 },
  ...{ extendI32S: 0xac, extendI32U: 0xad, reinterpretF64: 0xbd },
} as const;

/** Single precision. */
export const f32 = {
  ...{ load: 0x2a, store: 0x38, eq: 0x5b, ne: 0x5c, lt: 0x5d, gt: 0x5e, le: 0x5f, ge: 0x60, abs: 0x8b, neg: 0x8c },
  ...{ ceil: 0x8d, floor: 0x8e, trunc: 0x8f, nearest: 0x90, sqrt: 0x91, add: 0x92, sub: 0x93, mul: 0x94, div: 0x95 },
  ...{ min: 0x96, max: 0x97, convertI32S: 0xb2, demoteF64: 0xb6, reinterpretI32: 0xbe },
} as const;

/** Double precision. */
export const f64 = {
  ...{ load: 0x2b, store: 0x39, eq: 0x61, ne: 0x62, lt: 0x63, gt: 0x64, le: 0x65, ge: 0x66, abs: 0x99, neg: 0x9a },
  ...{ ceil: 0x9b, floor: 0x9c, trunc: 0x9d, nearest: 0x9e, sqrt: 0x9f, add: 0xa0, sub: 0xa1, mul: 0xa2, div: 0xa3 },
  ...{ min: 0xa4, max: 0xa5, convertI32S: 0xb7, convertI32U: 0xb8, promoteF32: 0xbb, reinterpretI64: 0xbf },
} as const;

/** 128 bits of any kind: memory and bits. */
export const v128 = {
  ...{ load: simd(0), load8Splat: simd(7), load16Splat: simd(8), load32Splat: simd(9), load64Splat: simd(10) },
  ...{ store: simd(11), const: simd(12), shuffle: simd(13), swizzle: simd(14) },
  ...{ not: simd(77), and: simd(78), andNot: simd(79), or: simd(80), xor: simd(81), bitselect: simd(82) },
  ...{ anyTrue: simd(83), load8Lane: simd(84), load16Lane: simd(85), load32Lane: simd(86), load64Lane: simd(87) },
  ...{ store8Lane: simd(88), store16Lane: simd(89), store32Lane: simd(90), store64Lane: simd(91) },
  ...{ load32Zero: simd(92), load64Zero: simd(93) },
} as const;

/** Sixteen bytes. */
export const i8x16 = {
  ...{ splat: simd(15), extractLaneU: simd(22), eq: simd(35), ne: simd(36), neg: simd(97), allTrue: simd(99) },
  ...{ bitmask: simd(100), narrowI16x8S: simd(101), narrowI16x8U: simd(102), add: simd(110), sub: simd(113) },
} as const;

/** Eight 16-bit integers. */
export const i16x8 = {
  ...{ splat: simd(16), extractLaneU: simd(25), narrowI32x4S: simd(133), narrowI32x4U: simd(134) },
  ...{ extendLowI8x16S: simd(135), extendLowI8x16U: simd(137) },
} as const;

/** Four 32-bit integers. */
export const i32x4 = {
  ...{ splat: simd(17), extractLane: simd(27), replaceLane: simd(28), eq: simd(55), ne: simd(56), ltS: simd(57) },
  ...{ ltU: simd(58), gtS: simd(59), gtU: simd(60), leS: simd(61), leU: simd(62), geS: simd(63), geU: simd(64) },
  ...{ abs: simd(160), neg: simd(161), allTrue: simd(163), bitmask: simd(164), extendLowI16x8S: simd(167) },
  ...{ extendLowI16x8U: simd(169), shl: simd(171), shrS: simd(172), shrU: simd(173), add: simd(174), sub: simd(177) },
  ...{ mul: simd(181), minS: simd(182), minU: simd(183), maxS: simd(184), maxU: simd(185) },
  ...{ truncSatF32x4S: simd(248), truncSatF32x4U: simd(249) },
  ...{ truncSatF64x2SZero: simd(252), truncSatF64x2UZero: simd(253), relaxedLaneselect: simd(0x10b) },
} as const;

/** Two 64-bit integers. */
export const i64x2 = {
  ...{ splat: simd(18), extractLane: simd(29), replaceLane: simd(30), abs: simd(192), neg: simd(193) },
  ...{ allTrue: simd(195), bitmask: simd(196), extendLowI32x4S: simd(199), extendLowI32x4U: simd(201) },
  ...{ shl: simd(203), shrS: simd(204), shrU: simd(205), add: simd(206), sub: simd(209), mul: simd(213) },
  ...{ eq: simd(214), ne: simd(215), ltS: simd(216), gtS: simd(217), leS: simd(218), geS: simd(219) },
  relaxedLaneselect: simd(0x10c),
} as const;

/** Four single precision numbers. */
export const f32x4 = {
  ...{ splat: simd(19), extractLane: simd(31), replaceLane: simd(32), eq: simd(65), ne: simd(66), lt: simd(67) },
  ...{ gt: simd(68), le: simd(69), ge: simd(70), ceil: simd(103), floor: simd(104), trunc: simd(105) },
  ...{ nearest: simd(106), abs: simd(224), neg: simd(225), sqrt: simd(227), add: simd(228), sub: simd(229) },
  ...{ mul: simd(230), div: simd(231), min: simd(232), max: simd(233), pmin: simd(234), pmax: simd(235) },
  ...{ convertI32x4S: simd(250), convertI32x4U: simd(251), demoteF64x2Zero: simd(94) },
  ...{ relaxedMadd: simd(0x105), relaxedNmadd: simd(0x106) },
} as const;

/** Two double precision numbers. */
export const f64x2 = {
  ...{ splat: simd(20), extractLane: simd(33), replaceLane: simd(34), eq: simd(71), ne: simd(72), lt: simd(73) },
  ...{ gt: simd(74), le: simd(75), ge: simd(76), ceil: simd(116), floor: simd(117), trunc: simd(122) },
  ...{ nearest: simd(148), abs: simd(236), neg: simd(237), sqrt: simd(239), add: simd(240), sub: simd(241) },
  ...{ mul: simd(242), div: simd(243), min: simd(244), max: simd(245), pmin: simd(246), pmax: simd(247) },
  ...{ convertLowI32x4S: simd(254), convertLowI32x4U: simd(255), promoteLowF32x4: simd(95) },
  ...{ relaxedMadd: simd(0x107), relaxedNmadd: simd(0x108) },
} as const;

/** Shared memory: all of them need exact alignment. */
export const atomics = {
  ...{ notify: atomic(0), wait32: atomic(1), wait64: atomic(2), load32: atomic(0x10), load64: atomic(0x11) },
  ...{ store32: atomic(0x17), store64: atomic(0x18), add32: atomic(0x1e), add64: atomic(0x1f), sub32: atomic(0x25) },
  ...{ exchange32: atomic(0x41), compareExchange32: atomic(0x48), compareExchange64: atomic(0x49) },
} as const;

/** Whole ranges of memory; written by `memoryFill` and `memoryCopy`. */
export const memory = { copy: saturating(10), fill: saturating(11) } as const;

/** log₂ of the bytes that a memory instruction touches: its natural alignment. */
export function naturalAlignment(opcode: Opcode): number {
  const known = alignments.get(opcode);
  if (known === undefined) throw new Error(`assembler: 0x${opcode.toString(16)} must be a memory instruction`);
  return known;
}

const alignments = new Map<Opcode, number>([
  ...[i32.load8S, i32.load8U, i32.store8, v128.load8Splat, v128.load8Lane, v128.store8Lane].map(withAlignment(0)),
  ...[i32.load16S, i32.load16U, i32.store16, v128.load16Splat, v128.load16Lane, v128.store16Lane].map(withAlignment(1)),
  ...[i32.load, i32.store, f32.load, f32.store, v128.load32Splat, v128.load32Zero].map(withAlignment(2)),
  ...[v128.load32Lane, v128.store32Lane, atomics.notify, atomics.wait32, atomics.load32].map(withAlignment(2)),
  ...[atomics.store32, atomics.add32, atomics.sub32, atomics.exchange32, atomics.compareExchange32].map(
    withAlignment(2),
  ),
  ...[i64.load, i64.store, f64.load, f64.store, v128.load64Splat, v128.load64Zero].map(withAlignment(3)),
  ...[v128.load64Lane, v128.store64Lane, atomics.wait64, atomics.load64, atomics.store64].map(withAlignment(3)),
  ...[atomics.add64, atomics.compareExchange64].map(withAlignment(3)),
  ...[v128.load, v128.store].map(withAlignment(4)),
]);

function withAlignment(log2: number): (opcode: Opcode) => [Opcode, number] {
  return (opcode) => [opcode, log2];
}
