// The worklist: a list with filters, one report at a time, next and previous by key.
import { AnswerView } from "./answer.js";
import { announce, ask, known, nodes, problem, shown } from "./core.js";

// "3-5": 3, 4, 5
function span(words) {
  const [first, last = first] = words.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, place) => first + place);
}

export function worklistView() {
  const [list, one] = ["list", "one"].map(shown);
  let numbers = [];
  let current = null;
  let before = null;
  let asked = 0;
  let typed = {}; // what the coder changed of what the record says

  const filter = () => {
    const form = shown("filters").elements;
    return Object.fromEntries(["reason", "flag", "reader", "month", "state"].map((name) => [name, form[name].value || null]));
  };
  const item = () => ({ number: current, profile: known().profile, ...typed, corrections: view.corrections });
  const view = new AnswerView({
    left: shown("read"),
    right: shown("right"),
    subject: () => ({ item: item() }),
    again: () => open(current, true),
    decided: (note) => {
      const next = document.createElement("button");
      next.type = "button";
      next.className = "solid";
      next.textContent = "Next report ";
      const key = document.createElement("kbd");
      key.textContent = "J";
      next.append(key);
      next.addEventListener("click", () => move(1));
      note.after(next);
      next.focus();
    },
  });

  async function refresh(focus = false) {
    try {
      const found = nodes(await ask("/view/worklist", { ...filter(), limit: 500 }));
      const data = found.querySelector("[data-numbers]").dataset.numbers;
      numbers = data ? data.split(" ").flatMap(span) : [];
      const kept = Object.fromEntries(Object.entries(filter()));
      shown("rows").replaceChildren(...found.children);
      const choices = shown("rows").querySelector("[data-choices]");
      for (const options of choices?.children ?? []) {
        const select = shown("filters").elements[options.dataset.name];
        const first = select.firstElementChild;
        select.replaceChildren(first, ...options.cloneNode(true).children);
        select.value = kept[options.dataset.name] ?? "";
      }
      problem("");
      announce(shown("rows").querySelector(".progress")?.textContent.replace(/\s+/g, " ").trim() ?? "");
      if (focus) shown("rows").querySelector("button")?.focus();
      if (shown("rows").querySelector("[data-waiting]") && !list.hidden) setTimeout(() => { if (!list.hidden && !list.contains(document.activeElement)) refresh(); }, 1500);
    } catch (failure) {
      problem(failure.message);
    }
  }

  async function open(number, again = false) {
    const mine = ++asked;
    if (!again) { view.forget(); typed = {}; before = null; }
    current = number;
    const now = known();
    try {
      const changed = again && before && (before.profile !== now.profile || before.date_of_service !== now.date_of_service);
      const html = await ask("/view/report", { ...item(), before: changed ? { profile: before.profile, date_of_service: before.date_of_service } : null });
      if (mine !== asked) return;
      problem("");
      list.hidden = true;
      one.hidden = false;
      const said = nodes(html).querySelector("[data-part=known]");
      for (const name of ["title", "base", "date_of_service"]) shown("known").elements[name].value = said.dataset[name];
      shown("where").textContent = said.dataset.where;
      shown("whose").textContent = said.dataset.whose;
      view.show(html, again);
      before = known();
      if (!again) { shown("where").focus(); scrollTo(0, 0); }
    } catch (failure) {
      if (mine === asked) problem(failure.message);
    }
  }

  function back() {
    if (list.hidden) {
      one.hidden = true;
      list.hidden = false;
      shown("read").replaceChildren();
      shown("right").replaceChildren();
      refresh().then(() => shown("rows").querySelector(`[data-number="${current}"]`)?.focus());
    }
  }

  function move(step) {
    if (list.hidden) {
      const at = numbers.indexOf(current);
      const next = at < 0 ? numbers.find((n) => n > current) : numbers[at + step];
      if (next === undefined) return announce(step > 0 ? "This is the last report of the list." : "This is the first report of the list.");
      return open(next);
    }
    if (numbers.length) open(step > 0 ? numbers[0] : numbers.at(-1));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-number]");
    if (button) open(Number(button.dataset.number));
  });
  shown("filters").addEventListener("change", () => refresh());
  shown("filters").addEventListener("submit", (event) => event.preventDefault());
  shown("known").addEventListener("submit", (event) => event.preventDefault());
  shown("known").addEventListener("change", (event) => {
    if (event.target.name !== "profile") typed[event.target.name] = event.target.value || null;
    open(current, true);
  });
  one.addEventListener("click", (event) => {
    const act = { back, next: () => move(1), previous: () => move(-1) }[event.target.closest("[data-do]")?.dataset.do];
    if (act) act();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  refresh();

  const keys = { j: () => move(1), k: () => move(-1), 1: () => view.copy("code"), 2: () => view.copy("evidence"), 3: () => view.copy("query"), m: () => view.missed(), s: () => view.nextStudy() };
  for (const [key, action] of [["a", "accept"], ["c", "change"], ["h", "hold"], ["r", "reject"]]) keys[key] = () => view.choose(action);
  return { check: () => { if (list.hidden) open(current, true); }, keys, escape: () => view.release() || (list.hidden && (back(), true)) };
}
