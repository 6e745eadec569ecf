// An answer on the page: marks and facts that point at each other, copies, studies, corrections, the decision.
import { Deciding } from "./decide.js";
import { announce, nodes, points, problem, shown } from "./core.js";
import { follow } from "./follow.js";

// left, right: where report and answer go. subject() names the report for the server. again(changes) asks once more.
export class AnswerView {
  constructor({ left, right, subject, again, decided }) {
    Object.assign(this, { left, right, again });
    this.deciding = new Deciding(right, subject, decided);
    this.corrections = { facts: [], marks: [] };
    left.addEventListener("click", (event) => this.onReport(event));
    left.addEventListener("keydown", (event) => this.onArrow(event));
    left.addEventListener("mouseover", (event) => this.onOver(event));
    left.addEventListener("focusin", (event) => this.onOver(event));
    left.addEventListener("submit", (event) => { event.preventDefault(); this.markWords(); });
    right.addEventListener("click", (event) => this.onAnswer(event));
    right.addEventListener("change", (event) => this.onChange(event));
    right.addEventListener("keydown", (event) => this.onTab(event));
    document.addEventListener("selectionchange", () => this.onSelect());
  }

  forget() { this.corrections = { facts: [], marks: [] }; }

  // again: the same report once more; focus and study stay where they are.
  show(html, again) {
    const { id, dataset } = document.activeElement ?? document.body;
    const study = again ? this.current() : null;
    const found = nodes(html);
    this.left.replaceChildren(...found.querySelector("[data-part=report]").children);
    this.right.replaceChildren(found.querySelector("[data-part=answer]"));
    this.held = null;
    this.marks = [...this.left.querySelectorAll("mark[role=button]")];
    if (this.marks.length) this.marks[0].tabIndex = 0;
    this.deciding.shown();
    follow(this.right);
    const tab = this.right.querySelector(`[role=tab][data-study="${study}"]`) ?? this.right.querySelector("[role=tab][aria-selected=true]");
    if (tab) this.study(Number(tab.dataset.study));
    if (again && document.activeElement === document.body) {
      const fact = dataset.fact && this.right.querySelector(`select[data-fact="${dataset.fact}"][data-study="${dataset.study}"]`);
      (fact?.previousElementSibling || (id && shown(id)) || shown("report")).focus({ preventScroll: true });
    }
    const say = (part) => this.right.querySelector(part)?.textContent.replace(/\s+/g, " ").trim() ?? "";
    announce(`${say("#verdict-h")}. ${say(".headline")}. ${say(".why77")}`);
  }

  // Marks

  onOver(event) {
    const mark = event.target.closest?.("mark");
    if (mark && !this.held && shown("marking")?.hidden !== false) this.inspect(mark.dataset.m.split(" "), mark);
  }

  onReport(event) {
    const mark = event.target.closest("mark");
    const what = event.target.closest("[data-do]")?.dataset;
    if (what?.do === "count") return this.count(what);
    if (what?.do === "release") return this.release();
    if (what?.do === "unmark") return this.marking(false);
    if (mark && getSelection().isCollapsed) this.hold(mark);
  }

  onArrow(event) {
    const at = this.marks?.indexOf(event.target) ?? -1;
    const inside = event.target.id === "report" || at >= 0;
    if (!inside || !this.marks.length) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.held = null;
      this.walk(at < 0 ? (step > 0 ? 0 : this.marks.length - 1) : (at + step + this.marks.length) % this.marks.length);
    } else if (at >= 0 && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      this.hold(event.target);
    }
  }

  walk(place) {
    for (const mark of this.marks) mark.tabIndex = -1;
    this.marks[place].tabIndex = 0;
    this.marks[place].focus();
  }

  hold(mark) {
    this.held = mark;
    this.inspect(mark.dataset.m.split(" "), mark, true);
  }

  release() {
    if (!this.held) return false;
    const mark = this.held;
    this.held = null;
    this.inspect(mark.dataset.m.split(" "), mark);
    if (mark.tabIndex >= 0) mark.focus();
    return true;
  }

  inspect(places, mark, held) {
    this.marking(false);
    for (const other of this.left.querySelectorAll("mark.lit, mark.held")) other.classList.remove("lit", "held");
    for (const other of this.left.querySelectorAll("mark")) {
      if (other.dataset.m.split(" ").some((m) => places.includes(m))) other.classList.add(held ? "held" : "lit");
    }
    const box = shown("inspected");
    box.replaceChildren();
    for (const m of places) {
      const entry = shown(`md-${m}`);
      const found = document.createElement("div");
      found.className = "found";
      found.dataset.counts = entry.dataset.counts;
      const told = document.createElement("div");
      told.append(...[...entry.cloneNode(true).childNodes]);
      found.append(told);
      if (entry.dataset.start) found.append(...this.choices(m, entry.dataset));
      box.append(found);
    }
  }

  // Corrections

  // What a coder can say of words that were read: that they count, or do not and why, or mean the other place.
  choices(m, { family, concept, counts }) {
    if (!["technique", "location", "supervision"].includes(family)) return [];
    const scanner = concept !== "location.workstation";
    const all = counts === "1"
      ? [
          family === "location" && [scanner ? "This is a workstation" : "This is the scanner", { counts: "0", as: scanner ? "location.workstation" : "location.scanner" }],
          family !== "technique" && ["About the 2D", { counts: "0", about: "planar" }],
          family === "location" && ["About viewing", { counts: "0", about: "viewing" }],
          ["Take out", { counts: "0" }],
        ]
      : [["Count it", { counts: "1" }]];
    const row = document.createElement("div");
    row.className = "says-who";
    for (const [words, what] of all.filter(Boolean)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "outline small";
      button.textContent = words;
      Object.assign(button.dataset, { do: "count", m }, what);
      row.append(button);
    }
    return [row];
  }

  count({ m, counts: said, about = "", as }) {
    const counts = said === "1";
    const entry = shown(`md-${m}`).dataset;
    const own = entry.studies.split(" ").filter(Boolean).map(Number);
    const study = own.includes(this.current()) || !own.length ? this.current() : own[0];
    const change = { study, start: Number(entry.start), end: Number(entry.end), concept: entry.concept, counts, about };
    const made = as ? [change, { ...change, concept: as, counts: true, about: "" }] : [change];
    const there = (one) => ["study", "start", "end"].every((key) => one[key] === change[key]);
    const gone = (one) => there(one) && (made.some((new_) => new_.concept === one.concept) || (counts && one.counts && one.concept.startsWith(`${entry.family}.`)));
    this.corrections.marks = [...this.corrections.marks.filter((one) => !gone(one)), ...made];
    this.again();
  }

  onSelect() {
    const report = shown("report");
    const selection = getSelection();
    if (!report || selection.isCollapsed || !selection.rangeCount || !report.contains(selection.getRangeAt(0).commonAncestorContainer)) return;
    const range = selection.getRangeAt(0);
    const before = document.createRange();
    before.setStart(report, 0);
    before.setEnd(range.startContainer, range.startOffset);
    this.selected = { start: points(before.toString()), words: range.toString() };
    this.marking(true, range.toString());
  }

  marking(on, words = "") {
    const form = shown("marking");
    if (!form) return;
    shown("inspected").hidden = on;
    form.hidden = !on;
    if (on) shown("mark-words").value = words;
    if (!on) this.selected = null;
  }

  missed() {
    if (!shown("marking")) return;
    this.marking(true, this.selected?.words ?? "");
    shown("mark-words").focus();
  }

  markWords() {
    const words = shown("mark-words").value;
    const text = shown("report").textContent;
    const squeezed = (value) => value.replace(/\r\n?/g, "\n");
    let start = this.selected && squeezed(this.selected.words) === squeezed(words) ? this.selected.start : null;
    let length = this.selected ? points(this.selected.words) : 0;
    if (start === null) {
      const at = text.toLowerCase().indexOf(words.trim().toLowerCase());
      if (at < 0 || !words.trim()) return problem("These words do not stand in the report. Copy them from it, or select them there.");
      start = points(text.slice(0, at));
      length = points(words.trim());
    }
    problem("");
    this.corrections.marks.push({ study: this.current(), start, end: start + length, concept: shown("mark-concept").value, counts: true });
    getSelection().removeAllRanges();
    this.again();
  }

  onChange(event) {
    const select = event.target.closest("select[data-fact]");
    if (select) {
      const value = { True: true, False: false }[select.value] ?? select.value;
      const fact = { study: Number(select.dataset.study), fact: select.dataset.fact, value };
      const others = this.corrections.facts.filter((one) => one.study !== fact.study || one.fact !== fact.fact);
      this.corrections.facts = [...others, fact];
      this.again();
    }
  }

  choose(action) { this.deciding.choose(action); }

  // The answer pane

  current() {
    return Number(this.right.querySelector("[role=tab][aria-selected=true]")?.dataset.study ?? this.right.querySelector("[data-study]")?.dataset.study ?? 0);
  }

  onAnswer(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.copy) this.copy(button.dataset.copy);
    else if (button.dataset.go) this.go(button.dataset.go);
    else if (button.role === "tab" || button.getAttribute("role") === "tab") this.study(Number(button.dataset.study));
    else if (button.dataset.do === "fix") this.fix(button);
    else if (button.dataset.do === "more") {
      const all = button.parentElement.classList.toggle("all");
      button.setAttribute("aria-expanded", all);
      button.textContent = all ? "Fewer facts" : "More facts";
    } else if (button.dataset.do === "uncorrect") { this.forget(); this.again(); }
  }

  fix(button) {
    const select = button.nextElementSibling;
    select.hidden = !select.hidden;
    button.setAttribute("aria-expanded", !select.hidden);
    if (!select.hidden) select.focus();
  }

  go(m) {
    const mark = this.marks.find((one) => one.dataset.m.split(" ").includes(m));
    if (!mark) {
      announce("These words stand in what you gave, not in the report.");
      return;
    }
    this.held = null;
    mark.scrollIntoView({ block: "center" });
    this.walk(this.marks.indexOf(mark));
    this.inspect([m], mark, true);
    this.held = mark;
  }

  study(index) {
    for (const tab of this.right.querySelectorAll("[role=tab]")) {
      const own = Number(tab.dataset.study) === index;
      tab.setAttribute("aria-selected", own);
      tab.tabIndex = own ? 0 : -1;
    }
    for (const panel of this.right.querySelectorAll("[role=tabpanel]")) panel.hidden = Number(panel.dataset.study) !== index;
    for (const mark of this.left.querySelectorAll("mark")) {
      const own = mark.dataset.m.split(" ").some((m) => { const s = shown(`md-${m}`).dataset.studies; return !s || s.split(" ").includes(String(index)); });
      mark.classList.toggle("away", !own);
    }
  }

  nextStudy(step = 1, focus = false) {
    const tabs = [...this.right.querySelectorAll("[role=tab]")];
    if (!tabs.length) return;
    const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const next = tabs[(at + step + tabs.length) % tabs.length];
    this.study(Number(next.dataset.study));
    if (focus) next.focus(); else announce(next.textContent.replace(/\s+/g, " ").trim());
  }

  onTab(event) {
    if (event.target.getAttribute("role") !== "tab") return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) { event.preventDefault(); this.nextStudy(step, true); }
  }

  async copy(kind) {
    const text = shown(`copy-${kind}`)?.textContent;
    const button = this.right.querySelector(`[data-copy=${kind}]`);
    if (!text || button.disabled) return announce("There is nothing to copy.");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return problem("The browser does not allow copying. Select the text and copy it by hand.");
    }
    for (const other of this.right.querySelectorAll(".copies .done")) other.classList.remove("done");
    button.classList.add("done");
    announce(`Copied: ${button.firstChild.textContent.replace("Copy", "").trim()}.`);
  }
}
