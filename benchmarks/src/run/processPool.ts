import type { Contender } from "./contenders.ts";
import type { Pool } from "./pool.ts";
import { ImplementationProcess } from "./process.ts";

/** The running processes, one for each contender at most; started at the first request. */
export class ProcessPool implements Pool<Contender> {
  private readonly running = new Map<string, ImplementationProcess>();

  get({ name, command }: Contender): ImplementationProcess {
    const found = this.running.get(name);
    if (found) return found;
    const started = new ImplementationProcess(command);
    this.running.set(name, started);
    return started;
  }

  async stop({ name }: Contender): Promise<void> {
    await this.running.get(name)?.stop();
    this.running.delete(name);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running.values()].map((process) => process.stop()));
    this.running.clear();
  }
}
