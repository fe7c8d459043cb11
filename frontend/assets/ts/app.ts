import "htmx.org";
import { submitOnChange } from "./autosubmit";
import { watchBulk } from "./bulk";
import { drawCharts } from "./charts";
import { closeMenus } from "./menu";
import { watchSchemes } from "./scheme";
import { showProblems } from "./problems";

document.documentElement.classList.add("scripted");
submitOnChange(document);
watchSchemes(document);
watchBulk(document);
closeMenus(document);
showProblems(document);
void drawCharts(document);
