import "virtual:colors.css";
import "./page.css";
import { type Component, mount } from "svelte";

/** Shows a pane in its page. */
export const mountPane = (pane: Component): unknown => mount(pane, { target: document.querySelector("#page")! });
