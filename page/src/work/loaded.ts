/**
 * A module that its caller imports when it first needs it.
 *
 * @param part what the module holds, as the subject of a sentence
 * @throws Error with a sentence for the reader if the module did not load
 */
export async function loaded<Module>(part: string, module: Promise<Module>): Promise<Module> {
  try {
    return await module;
  } catch (error) {
    throw new Error(
      `${part} did not load: ${(error as Error).message}. Check the connection, and reload the page to try again.`,
    );
  }
}
