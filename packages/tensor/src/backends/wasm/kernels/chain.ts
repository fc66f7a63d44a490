import { sizeOf } from "../../../array/shape.ts";
import type { Plan, RowChain } from "../../../compiler/plan.ts";
import { i32 } from "../assembler/index.ts";
import type { FunctionLaunch, Launch } from "./launch.ts";
import type { Lowering, RowBlock } from "./lowering.ts";

/** A launch and how many of its work items make a block of rows. */
interface Member {
  readonly launch: FunctionLaunch;
  readonly itemsPerBlock: number;
}

/**
 * Lowers the kernels of a chain and makes them one launch, whose work items are blocks of rows. Work that does not follow rows (packing
 * right factors) comes first; a kernel that cannot be cut so stands between two such launches.
 */
export function lowerChain(
  lowering: Lowering,
  plan: Plan,
  { from, to, rows, blockRows }: RowChain,
  lower: (index: number) => void,
): void {
  const { launches } = lowering;
  const start = launches.length;
  lowering.inBlocks({ rows, blockRows }, () => {
    for (let index = from; index < to; index++) lower(index);
  });
  const added = launches.splice(start);
  const isPacking = (launch: Launch): boolean =>
    launch.kind === "function" && launch.span === undefined && isProduct(plan, launch);
  launches.push(...added.filter(isPacking));
  let members: Member[] = [];
  const flush = (): void => {
    if (members.length === 1) launches.push(members[0].launch);
    else if (members.length > 1) addChain(lowering, members, Math.ceil(rows / blockRows));
    members = [];
  };
  for (const launch of added) {
    if (isPacking(launch)) continue;
    const member = memberOf(plan, launch, { rows, blockRows });
    if (member) members.push(member);
    else {
      flush();
      launches.push(launch);
    }
  }
  flush();
}

const isProduct = (plan: Plan, { kernel }: Launch): boolean => plan.kernels[kernel].kind === "contract";

function memberOf(plan: Plan, launch: Launch, { rows, blockRows }: RowBlock): Member | undefined {
  if (launch.kind === "host" || launch.span === undefined) return undefined;
  const perRow = sizeOf(plan.kernels[launch.kernel].outputs[0].value.shape) / rows;
  const itemsPerBlock = (blockRows * perRow) / launch.span;
  return Number.isInteger(itemsPerBlock) ? { launch, itemsPerBlock } : undefined;
}

function addChain(lowering: Lowering, members: readonly Member[], blocks: number): void {
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    const [block, end] = [fn.local("i32"), fn.local("i32")];
    fn.get(0);
    fn.set(block);
    const runAll = (): void => {
      for (const { launch, itemsPerBlock } of members) {
        const { workItems, target } = launch;
        fn.get(block);
        fn.i32(itemsPerBlock);
        fn.op(i32.mul);
        fn.tee(end);
        fn.get(end);
        fn.i32(itemsPerBlock);
        fn.op(i32.add);
        fn.tee(end);
        fn.i32(workItems);
        fn.get(end);
        fn.i32(workItems);
        fn.op(i32.ltU);
        fn.select();
        fn.get(2);
        fn.call(target);
      }
    };
    fn.countedLoop(block, () => fn.get(1), 1, runAll);
  });
  const cost = members.reduce((sum, { launch }) => sum + launch.workItems * launch.cost, 0);
  lowering.launch(members[0].launch.kernel, "chain", blocks, cost / blocks, target, {
    parts: members.map(({ launch }) => launch),
  });
}
