/*
 * Functions of both sides of a thread pool. Plain JavaScript, since a worker must load it without any build step.
 */

/**
 * Places in the control words, each in a cache line of its own. The tag carries (sequence, chunks, next chunk) in
 * 16, 8 and 8 bits, so that one atomic add claims a chunk of exactly one launch.
 */
export const words = {
  tag: 0,
  done: 16,
  sleeping: 32,
  mail: 48,
  program: 64,
  launch: 65,
  limit: 66,
  ready: 80,
  failed: 81,
  count: 96,
};

/** Most chunks of a launch: with a failed claim of every thread they fit the tag's 8 bits. */
export const maxChunks = 64;
/** Most threads of a pool. */
export const maxThreads = 128;

/**
 * The tag of a launch of which no chunk is claimed yet.
 *
 * @param {number} sequence
 * @param {number} chunks
 */
export const tagOf = (sequence, chunks) => (sequence << 16) | (chunks << 8);

/**
 * The launch that a tag belongs to.
 *
 * @param {number} tag
 */
export const launchOf = (tag) => tag >>> 8;

/**
 * First work item of a chunk; the chunks of a launch share its work items evenly.
 *
 * @param {number} workItems
 * @param {number} chunks
 * @param {number} chunk
 */
export const firstWorkItem = (workItems, chunks, chunk) => Math.floor((workItems * chunk) / chunks);

/**
 * Claims a chunk of the current launch.
 *
 * @param {Int32Array} control
 * @returns {{ launch: number, chunk: number }} chunk is −1 where none is left
 */
export function claim(control) {
  const tag = Atomics.add(control, words.tag, 1);
  const chunk = tag & 255;
  return { launch: launchOf(tag), chunk: chunk < ((tag >>> 8) & 255) ? chunk : -1 };
}

/**
 * Runs a claimed chunk. A chunk that throws counts as done, and its launch as failed.
 *
 * @param {Int32Array} control
 * @param {() => void} run
 */
export function finish(control, run) {
  try {
    run();
  } catch {
    Atomics.store(control, words.failed, 1);
  }
  Atomics.add(control, words.done, 1);
}
