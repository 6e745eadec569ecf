// The decision on a report: what is chosen, what it needs, and that it is recorded once.
import { announce, ask, problem, shown, uuid } from "./core.js";

export class Deciding {
  constructor(pane, subject, decided) {
    Object.assign(this, { pane, subject, decided });
    this.reviewer = "";
    pane.addEventListener("input", (event) => { if (event.target.id === "reviewer") this.reviewer = event.target.value; });
    pane.addEventListener("change", (event) => { if (event.target.name === "action") this.choose(event.target.value, false); });
    pane.addEventListener("submit", (event) => { event.preventDefault(); this.record(event.target); });
  }

  // A new form is there: she says her name once.
  shown() {
    const name = shown("reviewer");
    if (name) name.value = this.reviewer;
  }

  choose(action, focus = true) {
    const form = shown("decide");
    if (!form) return;
    form.elements.action.value = action;
    const rest = form.querySelector(".decide-rest");
    rest.hidden = false;
    for (const part of form.querySelectorAll("[data-for]")) {
      part.hidden = part.dataset.for !== action;
      part.querySelector("select").required = !part.hidden;
    }
    const code = this.pane.querySelector("[data-part=answer]").dataset.code || "no code";
    shown("will").textContent = {
      accept: `Records ${code} as your answer.`,
      change: "Records another answer than the suggested one.",
      hold: "Keeps the report in the worklist.",
      reject: "Records that nothing is reported.",
    }[action];
    if (!focus) return;
    form.scrollIntoView({ block: "nearest" });
    const empty = [...rest.querySelectorAll("[required]")].find((one) => !one.closest("[hidden]") && !one.value);
    (empty ?? rest.querySelector("button")).focus();
  }

  async record(form) {
    if (form.id !== "decide" || form.dataset.sending) return;
    const action = form.elements.action.value;
    const value = (name) => form.elements[name]?.value || null;
    form.dataset.key ??= uuid(); // of this form: sent twice, recorded once
    form.dataset.sending = "1";
    try {
      const done = await ask("/api/decisions", {
        key: form.dataset.key,
        action,
        code: action === "change" ? value("code") : null,
        reason: value(`reason-${action}`),
        reviewer: this.reviewer || value("reviewer") || "",
        note: value("note") ?? "",
        follows: form.dataset.follows ? Number(form.dataset.follows) : null,
        ...this.subject(),
      });
      problem("");
      const note = document.createElement("p");
      note.className = "done-note";
      note.tabIndex = -1;
      note.textContent = `Recorded as number ${done.seq}: ${action}, ${done.code ?? "no code"}.`;
      form.replaceWith(note);
      note.focus();
      announce(note.textContent);
      this.decided?.(note);
    } catch (failure) {
      problem(failure.message);
      delete form.dataset.sending;
      if (!failure.code) return; // perhaps recorded: the same key again is safe
      delete form.dataset.key;
    }
  }
}
