declare module "virtual:catalogue" {
  export const catalogue: import("./catalogue.ts").Catalogue;
}

declare module "virtual:recording" {
  export const recording: import("./race/recording.ts").Recording;
}

declare module "virtual:formulas" {
  export const formulas: Readonly<Record<string, readonly string[]>>;
}

declare module "virtual:examples" {
  export const examples: Readonly<Record<string, () => Promise<unknown>>>;
}

declare module "virtual:titles" {
  export const titles: readonly import("./site/search.ts").FoundTitle[];
}

declare module "virtual:laws" {
  export const lawGroups: readonly import("./identity/lawCard.ts").LawCardGroup[];
}

declare module "virtual:gpujsExecutable" {
  export const GpujsExecutable: typeof import("../../packages/tensor/src/backends/gpujs/gpujsExecutable.ts").GpujsExecutable;
}

declare module "virtual:colors.css" {}
declare module "*.css" {}
