/** Milliseconds of a frame. */
const frameTime = 220;

/**
 * Shows the frames of a recording one after the other and stays at the last one, which is all that readers see who want no motion.
 *
 * @returns ends the showing
 */
export function playRecording(frames: number, show: (frame: number) => void): () => void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    show(frames - 1);
    return () => {};
  }
  let frame = 0;
  show(frame);
  const timer = setInterval(() => {
    if (frame < frames - 1) show(++frame);
    else clearInterval(timer);
  }, frameTime);
  return () => clearInterval(timer);
}
