import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** Headers of an answer. */
export type Headers = Readonly<Record<string, string>>;

const types: Headers = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".bin": "application/octet-stream",
};

/** How a folder is served. */
export interface ServeOptions {
  /** Headers of the answer with a file, besides its type. */
  headersOf(file: string): Headers;
  /** Default: a free port. */
  readonly port?: number;
}

/** A running server. */
export interface Served {
  /** Address of the folder, which ends in a slash. */
  readonly url: string;
  readonly server: Server;
}

/** Serves the files of one folder to this machine alone. */
export async function serve(folder: string, { headersOf, port = 0 }: ServeOptions): Promise<Served> {
  const server = createServer((request, response) => {
    const file = fileOf(folder, request.url ?? "/");
    if (file === undefined) return response.writeHead(404).end();
    return response
      .writeHead(200, { "Content-Type": types[extname(file)], ...headersOf(file) })
      .end(readFileSync(file));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

/** The file that an address stands for; undefined if the folder has no such file of a known type. */
function fileOf(folder: string, address: string): string | undefined {
  const path = pathOf(address);
  if (path === undefined) return undefined;
  const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
  return types[extname(file)] && existsSync(file) && statSync(file).isFile() ? file : undefined;
}

/** The decoded path of an address, without steps out of the folder. */
function pathOf(address: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(address, "http://localhost").pathname);
    return path.includes("\0") ? undefined : normalize(path);
  } catch {
    return undefined; // not an address
  }
}
