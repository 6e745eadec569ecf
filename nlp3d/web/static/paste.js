// Paste a report, see the answer, go on.
import { AnswerView } from "./answer.js";
import { announce, ask, known, problem, shown } from "./core.js";

export function pasteView() {
  const text = shown("text");
  const [editor, read, empty, answered] = ["editor", "read", "empty", "answered"].map(shown);
  let before = null;
  let asked = 0;

  const report = () => ({ text: text.value, ...known(), corrections: view.corrections });
  const view = new AnswerView({
    left: read,
    right: answered,
    subject: () => ({ report: report() }),
    again: () => check(true),
  });

  async function check(again = false) {
    const mine = ++asked;
    const now = known();
    if (!again) view.forget();
    shown("main").classList.add("busy");
    try {
      const changed = again && before && (before.profile !== now.profile || before.date_of_service !== now.date_of_service);
      const compare = changed ? { profile: before.profile, date_of_service: before.date_of_service } : null;
      const html = await ask("/view/answer", { ...report(), before: compare });
      if (mine !== asked) return; // a later question is on its way
      problem("");
      editor.hidden = empty.hidden = true;
      read.hidden = answered.hidden = false;
      view.show(html, again);
      if (!again) shown("report")?.focus({ preventScroll: true });
      before = now;
    } catch (failure) {
      if (mine === asked) problem(failure.message);
    } finally {
      if (mine === asked) shown("main").classList.remove("busy");
    }
  }

  function edit() {
    if (editor.hidden) {
      editor.hidden = empty.hidden = false;
      read.hidden = answered.hidden = true;
      read.replaceChildren();
      answered.replaceChildren();
      before = null;
    }
    text.focus();
    text.select();
    announce("Edit the report, or paste the next one over it.");
  }

  editor.addEventListener("submit", (event) => { event.preventDefault(); check(); });
  shown("known").addEventListener("submit", (event) => { event.preventDefault(); check(!read.hidden); });
  shown("known").addEventListener("change", () => { if (!read.hidden) check(true); });
  read.addEventListener("click", (event) => { if (event.target.closest("[data-do=edit]")) edit(); });
  empty.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-example]");
    if (!button) return;
    try {
      const example = (await ask("/api/examples"))[Number(button.dataset.example)];
      const form = shown("known").elements;
      text.value = example.text;
      form.title.value = example.title;
      form.date_of_service.value = example.date_of_service;
      form.base.value = "";
      await check();
    } catch (failure) {
      problem(failure.message);
    }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // nothing of an earlier report comes back

  const keys = { e: edit, 1: () => view.copy("code"), 2: () => view.copy("evidence"), 3: () => view.copy("query"), m: () => view.missed(), s: () => view.nextStudy() };
  for (const [key, action] of [["a", "accept"], ["c", "change"], ["h", "hold"], ["r", "reject"]]) keys[key] = () => view.choose(action);
  return { check: () => check(!read.hidden), keys, escape: () => view.release() };
}
