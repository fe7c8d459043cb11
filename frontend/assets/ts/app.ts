import "htmx.org";
import { submitOnChange } from "./autosubmit";
import { drawCharts } from "./charts";
import { copyOnPress } from "./copy";
import { closeMenus } from "./menu";
import { watchSchemes } from "./scheme";
import { showProblems } from "./problems";

document.documentElement.classList.add("scripted");
submitOnChange(document);
watchSchemes(document);
closeMenus(document);
copyOnPress(document);
showProblems(document);
void drawCharts(document);
