/** Allows the scripts, workers and WebAssembly of the page, and no text that becomes code at run time. Requests go to the host of the page alone. */
export const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
].join("; ");

/** Headers by which a page becomes cross-origin isolated, so that it may share memory with workers. */
export const isolation: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Headers of every answer of the server. */
export const pageHeaders: Readonly<Record<string, string>> = { "Content-Security-Policy": policy, ...isolation };
