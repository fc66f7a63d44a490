import { mountPane } from "./mountPane.ts";
import Race from "./panes/Race.svelte";

mountPane(Race);
