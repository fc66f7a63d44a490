declare module "virtual:catalogue" {
  export const catalogue: import("./catalogue.ts").Catalogue;
}

declare module "virtual:colors.css" {}
declare module "*.css" {}
