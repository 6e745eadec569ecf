// What all views share: the token, requests, what is said to the user, and putting a view's HTML in its place.
const STORED = "nlp3d-token";
const policy = globalThis.trustedTypes?.createPolicy("nlp3d", { createHTML: (html) => html });

// The token comes behind the # of the address, is kept for this tab only, and leaves the address bar at once.
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem(STORED, given);
  history.replaceState(null, "", location.pathname);
}

export const shown = (id) => document.getElementById(id);

export function announce(words) {
  shown("live").textContent = words;
}

export function problem(words) {
  const place = shown("problem");
  place.textContent = words;
  place.hidden = !words;
  if (words) place.scrollIntoView({ block: "nearest" });
}

// Ask the server. Gives the HTML or the JSON of the answer, or throws an error whose message may be shown.
export async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Content-Type": "application/json", "X-Nlp3d-Token": sessionStorage.getItem(STORED) ?? "" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
  } catch {
    throw new Error("The server does not answer. Nothing you typed is lost; start `nlp3d serve` again, then repeat.");
  }
  if (answer.ok) return answer.headers.get("content-type").startsWith("text/html") ? answer.text() : answer.json();
  const told = await answer.json().catch(() => null);
  const failure = new Error(told ? `${told.error.what} ${told.error.next}` : "The server could not answer.");
  failure.code = told?.error.code;
  throw failure;
}

// The server's HTML, which it has escaped, as nodes.
export function nodes(html) {
  const made = document.createElement("template");
  made.innerHTML = policy ? policy.createHTML(html) : html;
  return made.content;
}

export function known() {
  const form = shown("known");
  const value = (name) => form.elements[name].value || null;
  return { title: value("title"), base: value("base"), date_of_service: value("date_of_service"), profile: value("profile") };
}

// JavaScript counts UTF-16 units; offsets of an answer are code points.
export const points = (text) => { let n = 0; for (const _ of text) n += 1; return n; };

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = [...b].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
