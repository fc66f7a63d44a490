/** Frames inside the framework's own packages are not the user's. */
const ownFrame = /[\\/](?:packages|@pushforward)[\\/](?:tensor|autodiff)[\\/](?:src|dist)[\\/]|^node:|node:internal/;

/**
 * File, line and column of the nearest stack frame outside of the engine, or undefined in engines that provide no stack.
 */
export function callerLine(): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const { stack } = new Error("source line");
  Error.stackTraceLimit = stackTraceLimit;
  const frames = (stack ?? "").split("\n").slice(1);
  for (const frame of frames) {
    const place = /(?:\(|at )((?:file:|[A-Za-z]:|\/).*:\d+:\d+)\)?$/.exec(frame)?.[1];
    if (place !== undefined && !ownFrame.test(place)) return place.replace(/^file:\/\//, "");
  }
  return undefined;
}
