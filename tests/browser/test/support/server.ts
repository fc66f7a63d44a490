import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

/** Headers of a page's answers. */
export type Headers = Readonly<Record<string, string>>;

/** A page may run its own files and WebAssembly, and nothing that is text at run time. */
export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** What makes a page cross-origin isolated, so that it may share memory with workers. */
export const isolation: Headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const types: Headers = { ".html": "text/html", ".js": "text/javascript" };

/** Headers of a page's answers, and of its workers' scripts where those differ. */
export interface Answers {
  readonly headers?: Headers;
  readonly workerHeaders?: Headers;
}

/** A server of one folder on a free port of this machine. */
export async function serve(
  folder: string,
  { headers = {}, workerHeaders = headers }: Answers,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = join(folder, pathname === "/" ? "index.html" : pathname);
    const type = types[extname(file)];
    if (!type || !existsSync(file)) return response.writeHead(404).end();
    const own = file.includes("worker") ? workerHeaders : headers;
    return response.writeHead(200, { "Content-Type": type, ...own }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
