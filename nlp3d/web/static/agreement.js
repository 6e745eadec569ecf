// The numbers of suggestions and decisions.
import { ask, nodes, problem, shown } from "./core.js";

export function agreementView() {
  ask("/view/agreement").then((html) => shown("numbers").replaceChildren(nodes(html)), (failure) => problem(failure.message));
  return {};
}
