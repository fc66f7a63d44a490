import "virtual:colors.css";
import "./page.css";
import { mount } from "svelte";
import Race from "./panes/Race.svelte";

mount(Race, { target: document.querySelector("#page")! });
