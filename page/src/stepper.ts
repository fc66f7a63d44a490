import { mountPane } from "./mountPane.ts";
import Stepper from "./panes/Stepper.svelte";

mountPane(Stepper);
