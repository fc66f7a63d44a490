/**
 * Keeps a command alive when the reader of its output has gone, such as `head` or a closed terminal: further output is dropped.
 * Every other failure to write a result, such as a full disk, stays an error.
 */
export function guardStreams(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.stderr.on("error", () => undefined);
}
