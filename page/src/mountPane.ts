import "virtual:colors.css";
import "./page.css";
import { type Component, mount } from "svelte";
import { openSearchField } from "./site/searchField.ts";

/** Shows a pane in its page. */
export function mountPane(pane: Component): void {
  mount(pane, { target: document.querySelector("#page")! });
  openSearchField();
}
