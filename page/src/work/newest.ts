/**
 * Calls a slow function for the newest input only: while a call runs, of the inputs that come in only the last one waits. A pane whose
 * inputs follow a pointer shows each result and never falls behind.
 *
 * @param call     the slow function
 * @param onResult called with each result
 * @param onError  called with each error
 */
export function newest<Input, Result>(
  call: (input: Input) => Promise<Result>,
  onResult: (result: Result, input: Input) => void,
  onError: (error: Error) => void,
): (input: Input) => void {
  let isRunning = false;
  let waiting: { readonly input: Input } | undefined;
  const run = async (input: Input): Promise<void> => {
    isRunning = true;
    try {
      onResult(await call(input), input);
    } catch (error) {
      onError(error as Error);
    }
    isRunning = false;
    const next = waiting;
    waiting = undefined;
    if (next) await run(next.input);
  };
  return (input) => {
    if (isRunning) waiting = { input };
    else void run(input);
  };
}
