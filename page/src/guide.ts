import "virtual:colors.css";
import "./page.css";
import "./guide.css";
import { addRunButtons } from "./site/runButtons.ts";
import { openSearchField } from "./site/searchField.ts";

addRunButtons();
openSearchField();
