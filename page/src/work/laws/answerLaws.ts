import { type LawReport, verify } from "@pushforward/verify";
import { scope } from "../scope.ts";

/** A run of laws. */
export interface LawRun {
  /** Names of the laws. */
  readonly only: readonly string[];
  /** Instances over all of them. */
  readonly cases: number;
  readonly seed: number;
}

/** News of a run. */
export type LawNews =
  | { readonly kind: "progress"; readonly law: string; readonly done: number; readonly total: number }
  | { readonly kind: "report"; readonly report: LawReport }
  | { readonly kind: "end"; readonly problem: string };

const tell = (news: LawNews): void => scope.postMessage(news);

// News come with each batch and each law; the end of the worker ends the run.
scope.onmessage = ({ data: run }: { readonly data: LawRun }) => {
  try {
    verify({
      ...run,
      onProgress: (progress) => tell({ kind: "progress", ...progress }),
      onReport: (report) => tell({ kind: "report", report }),
    });
    tell({ kind: "end", problem: "" });
  } catch (error) {
    tell({ kind: "end", problem: (error as Error).message });
  }
};
