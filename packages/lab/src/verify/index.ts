export { checkLaw, controlShare, type LawReport } from "./checkLaw.ts";
export { formatVerifyReport } from "./formatVerifyReport.ts";
export { defineLaw, type Law, type LawDefinition } from "./law.ts";
export { lawGroups, laws } from "./laws/index.ts";
export { type VerifyOptions, type VerifyProgress, type VerifyReport, verify } from "./verify.ts";
