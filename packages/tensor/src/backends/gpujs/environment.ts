import { BackendError } from "../../array/errors.ts";

/** Whether an adapter is a rasteriser that runs on the CPU. */
export const looksSoftware = (name: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i.test(name);

/** Browsers have navigator.gpu or not; Node gets one from the package webgpu. */
export async function provideWebGpu(): Promise<void> {
  const host = globalThis as { navigator?: { gpu?: unknown }; process?: { versions?: { node?: string } } };
  if (host.navigator?.gpu || !host.process?.versions?.node) return;
  // A name that bundlers do not follow: the package is for Node alone.
  const name = "webgpu";
  let webgpu: { create(options: readonly string[]): unknown; globals: object };
  try {
    webgpu = (await import(/* @vite-ignore */ name)) as typeof webgpu;
  } catch (cause) {
    throw new BackendError("gpujs: WebGPU in Node needs the package webgpu; npm install webgpu@0.6.2", { cause });
  }
  Object.assign(globalThis, webgpu.globals);
  const value = webgpu.create([]);
  if (host.navigator) Object.defineProperty(host.navigator, "gpu", { value, configurable: true });
  else Object.defineProperty(globalThis, "navigator", { value: { gpu: value }, configurable: true });
}

interface WebGl {
  getExtension(name: string): { readonly UNMASKED_RENDERER_WEBGL: number } | null;
  getParameter(name: number): unknown;
}

interface Canvas {
  getContext(kind: string): WebGl | null;
}

/** A canvas of a page or of its worker; undefined where there is none. */
function makeCanvas(): Canvas | undefined {
  const { document, OffscreenCanvas } = globalThis as {
    document?: { createElement(tag: string): Canvas };
    OffscreenCanvas?: new (width: number, height: number) => Canvas;
  };
  return document?.createElement("canvas") ?? (OffscreenCanvas && new OffscreenCanvas(1, 1));
}

/** The renderer of a canvas by the name that its driver gives. */
export function webGlRenderer(): string {
  const context = makeCanvas()?.getContext("webgl2");
  const extension = context?.getExtension("WEBGL_debug_renderer_info");
  return context && extension ? String(context.getParameter(extension.UNMASKED_RENDERER_WEBGL)) : "unnamed";
}
