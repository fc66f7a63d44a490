import { type PaneName, panes } from "./panes.ts";
import { scope } from "./scope.ts";

/** The requests of a pane are answered in the order in which they come, since all of them wait for the same module. */
const answer = panes[scope.name as PaneName]();

scope.onmessage = async ({ data }) => (await answer)(data);
