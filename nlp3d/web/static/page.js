// The start of every view: keys, the help, and the view's own part.
import { announce, shown } from "./core.js";
import { agreementView } from "./agreement.js";
import { pasteView } from "./paste.js";
import { worklistView } from "./worklist.js";

const help = shown("help");
const single = shown("single-keys");
const SINGLE = "nlp3d-single-keys";
single.checked = sessionStorage.getItem(SINGLE) !== "off";
single.addEventListener("change", () => sessionStorage.setItem(SINGLE, single.checked ? "on" : "off"));

const view = { paste: pasteView, worklist: worklistView, agreement: agreementView }[document.body.dataset.view]();

function typing(target) {
  return target.matches?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
}

document.addEventListener("keydown", (event) => {
  if (help.open) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (view.check) { event.preventDefault(); view.check(); }
    return;
  }
  if (event.key === "Escape" && view.escape?.(event)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !single.checked) return;
  if (event.key === "?") { help.showModal(); event.preventDefault(); return; }
  const act = view.keys?.[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-do=help]")) { help.showModal(); announce(""); }
});
