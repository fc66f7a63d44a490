import { mountPane } from "./mountPane.ts";
import Switchboard from "./panes/Switchboard.svelte";

mountPane(Switchboard);
