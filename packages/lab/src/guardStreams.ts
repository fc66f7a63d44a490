/**
 * Keeps a command alive whose output has lost its reader, such as `head` or a closed terminal: what can no longer be read is
 * dropped. Results that cannot be written for another reason, such as a full disk, are an error still.
 */
export function guardStreams(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.stderr.on("error", () => undefined);
}
