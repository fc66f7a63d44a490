import { mountPane } from "./mountPane.ts";
import IdentityBench from "./panes/IdentityBench.svelte";

mountPane(IdentityBench);
