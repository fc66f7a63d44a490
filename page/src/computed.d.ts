declare module "virtual:catalogue" {
  export const catalogue: import("./catalogue.ts").Catalogue;
}

declare module "virtual:recording" {
  export const recording: import("./race/recording.ts").Recording;
}

declare module "virtual:colors.css" {}
declare module "*.css" {}
