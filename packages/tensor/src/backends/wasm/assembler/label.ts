/** Place that a branch goes to: the end of a block or `if`, the start of a loop. */
export interface Label {
  readonly depth: number;
}
