import "htmx.org";
import { submitOnChange } from "./autosubmit";
import { drawCharts } from "./charts";
import { copyOnPress } from "./copy";
import { keepDrafts } from "./draft";
import { closeMenus } from "./menu";
import { watchSchemes } from "./scheme";
import { showProblems } from "./problems";
import { watchUploads } from "./upload";

document.documentElement.classList.add("scripted");
submitOnChange(document);
watchSchemes(document);
keepDrafts(document);
watchUploads(document);
closeMenus(document);
copyOnPress(document);
showProblems(document);
void drawCharts(document);
