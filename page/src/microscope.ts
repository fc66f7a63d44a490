import { mountPane } from "./mountPane.ts";
import Microscope from "./panes/Microscope.svelte";

mountPane(Microscope);
