import { cpus } from "node:os";

/** Processor time of the whole machine that was not idle, in ms since it started. */
const busyTime = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);

/** The load by other processes during a measurement; results under a high load are not reliable. */
export class LoadMeter {
  private wall = 0;
  private foreign = 0;

  /** Runs a function that returns its processor time. */
  async during<T extends { readonly cpu: number }>(what: () => Promise<T>): Promise<T> {
    const [busy, own, start] = [busyTime(), process.cpuUsage(), performance.now()];
    const result = await what();
    const { user, system } = process.cpuUsage(own);
    this.wall += performance.now() - start;
    this.foreign += busyTime() - busy - (user + system) / 1000 - result.cpu;
    return result;
  }

  /** Average number of cores that other processes used, e.g. 0.3. */
  get cores(): number {
    return this.wall === 0 ? 0 : Math.max(0, this.foreign / this.wall);
  }
}
