import "virtual:colors.css";
import "./page.css";
import "./guide.css";
import { checkTasks } from "./lessons/checkTasks.ts";
import { showPanes } from "./lessons/showPanes.ts";
import { addRunButtons } from "./site/runButtons.ts";
import { openSearchField } from "./site/searchField.ts";

showPanes();
checkTasks();
addRunButtons();
openSearchField();
