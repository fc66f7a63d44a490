export { formatVerifyReport } from "./formatVerifyReport.ts";
export { defineLaw, type Law, type LawDefinition } from "./law.ts";
export { laws } from "./laws/index.ts";
export { type LawReport, type VerifyOptions, type VerifyProgress, type VerifyReport, verify } from "./verify.ts";
