// Small comforts of every page. Nothing here is needed to read, search or filter.
import { startThemeSwitch } from "./theme-switch.js";
import { startSearchKey } from "./search-key.js";
import { startContents } from "./contents.js";
import { startSuggestions } from "./suggest.js";
import { startComparing } from "./compare.js";
import { startCopying } from "./copy.js";
import { startPrinting } from "./print.js";

startThemeSwitch();
startSearchKey();
startContents();
startSuggestions();
startComparing();
startCopying();
startPrinting();
