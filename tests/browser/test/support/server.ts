import { type Headers, type Served, serve as serveFolder } from "../../../../page/build/serve.ts";

export { isolation } from "../../../../page/build/security.ts";

/** A page may run its own files and WebAssembly, and nothing that is text at run time. */
export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** Headers of a page's answers, and of its workers' scripts where those differ. */
export interface Answers {
  readonly headers?: Headers;
  readonly workerHeaders?: Headers;
}

/** A server of one folder on a free port of this machine. */
export const serve = (folder: string, { headers = {}, workerHeaders = headers }: Answers): Promise<Served> =>
  serveFolder(folder, { headersOf: (file) => (file.includes("worker") ? workerHeaders : headers) });
