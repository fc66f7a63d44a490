import type { GpujsExecutable as Whole } from "virtual:gpujsExecutable";
import type { Tensor } from "@pushforward/tensor";
import { loaded } from "../loaded.ts";

type Real = InstanceType<typeof Whole>;
type Arguments = ConstructorParameters<typeof Whole>;
type Inputs = Parameters<Real["start"]>[0];

/**
 * The GPU backend of workers, which is loaded when a program first runs on a GPU: most races never do. A program that cannot run is refused by
 * its first result.
 */
export class GpujsExecutable {
  readonly threads = 1;
  private readonly real: Promise<Real>;
  private loaded: Real | undefined;

  constructor(...args: Arguments) {
    const loading = loaded("The part for GPUs", import("virtual:gpujsExecutable"));
    this.real = loading.then((module) => new module.GpujsExecutable(...args));
    // An error reaches the caller that starts the program.
    this.real.then((real) => (this.loaded = real)).catch(() => {});
  }

  get bytes(): number {
    return this.loaded?.bytes ?? 0;
  }

  get launches(): number {
    return this.loaded?.launches ?? 0;
  }

  get device(): string | undefined {
    return this.loaded?.device;
  }

  get executor(): string | undefined {
    return this.loaded?.executor;
  }

  prepared(): Promise<unknown> {
    return this.real;
  }

  release(): void {
    void this.real.then((real) => real.release()).catch(() => {});
  }

  async start(inputs: Inputs): Promise<Tensor[]> {
    return (await this.real).start(inputs);
  }
}
