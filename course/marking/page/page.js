"use strict";
// The server sends cleaned HTML, and this page's policy runs no script but this one; all else is set as text.

const at = (id) => document.getElementById(id);
let questions = [];
let question = null; // with its answers, as the server sent them
let place = 0;
let waiting = Promise.resolve(); // one request after the other: the last change wins
let pending = 0;

async function ask(path, options = {}) {
  const response = await fetch(path, options);
  const data = await response.json().catch(() => ({ error: `the server answered ${response.status}` }));
  if (!response.ok) throw new Error(data.error);
  return data;
}

function say(error) {
  at("trouble").textContent = error ? `Not saved: ${error.message || error}. Is the command that printed the address still running?` : "";
}

async function start() {
  const all = await ask("questions");
  questions = all.questions;
  at("lesson").textContent = document.title = `Marking ${all.lesson}`;
  const first = questions.find((one) => one.counts.open + one.counts.again) || questions[0];
  await open(first.name);
}

async function open(name) {
  await waiting;
  question = await ask(`questions/${name}`);
  place = Math.max(0, question.answers.findIndex((one) => one.state !== "marked"));
  at("title").textContent = `${question.title} · ${number(question.points)} points`;
  at("question").innerHTML = question.html;
  at("notes").innerHTML = question.notes;
  at("notes_box").hidden = !question.notes;
  at("points").textContent = number(question.points);
  at("own").max = question.points;
  at("own").placeholder = `0 to ${number(question.points)}`;
  at("items").replaceChildren(...question.items.map(item));
  show();
}

function item(one, position) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "item";
  const key = document.createElement("kbd");
  key.textContent = position < 9 ? String(position + 1) : "·";
  const text = document.createElement("span");
  text.innerHTML = one.html;
  const worth = document.createElement("span");
  worth.className = "worth";
  worth.textContent = number(one.points);
  button.append(key, text, worth);
  button.addEventListener("click", () => toggle(position));
  return button;
}

const number = (value) => String(Math.round(value * 100) / 100);
const current = () => question && question.answers[place];

function show() {
  const answer = current();
  const count = question.answers.length;
  const left = question.blank ? ` · ${question.blank} left blank` : "";
  at("place").textContent = answer ? `Answer ${place + 1} of ${count}${left}` : `No answer to mark${left}`;
  at("answer").innerHTML = answer ? answer.html : "";
  at("answer").scrollTop = 0;
  at("alike").textContent = answer ? likeness(answer) : "";
  showMark();
  showQuestions();
}

function likeness(answer) {
  const group = question.answers.filter((one) => one.group === answer.group);
  const parts = [];
  if (group.length > 1) parts.push(`${group.indexOf(answer) + 1} of ${group.length} answers that are alike`);
  if (answer.same) parts.push(`${answer.same} in the same words`);
  return parts.join(" · ");
}

function showMark() {
  const answer = current();
  const words = { open: "not marked", marked: "✓ marked", again: "graded again since: does it still fit?" };
  at("score").textContent = answer && answer.state !== "open" ? number(answer.score) : "–";
  at("state").textContent = answer ? words[answer.state] : "";
  at("state").className = `state ${answer ? answer.state : ""}`;
  [...at("items").children].forEach((button, position) => {
    button.setAttribute("aria-pressed", String(Boolean(answer && answer.ticked.includes(position))));
    button.disabled = !answer;
  });
  at("own").value = answer && answer.own !== null ? answer.own : "";
  at("comment").value = answer ? answer.comment : "";
  for (const id of ["own", "comment", "confirm", "back", "unmarked", "next", "previous"]) at(id).disabled = !answer;
  at("same").disabled = !(answer && answer.same);
}

function showQuestions() {
  const here = questions.find((one) => one.name === question.name);
  for (const state of ["open", "marked", "again"]) {
    here.counts[state] = question.answers.filter((one) => one.state === state).length;
  }
  at("questions").replaceChildren(...questions.map((one) => {
    const button = document.createElement("button");
    const total = one.counts.open + one.counts.marked + one.counts.again;
    const done = document.createElement("span");
    done.className = one.counts.marked === total ? "soft done" : "soft";
    done.textContent = `${one.counts.marked}/${total}`;
    button.type = "button";
    button.append(one.title, done);
    button.setAttribute("aria-current", String(one.name === question.name));
    button.addEventListener("click", () => open(one.name).catch(say));
    return button;
  }));
}

function save(answer, mark, alsoSame = false) {
  const into = question;
  const body = JSON.stringify({ mark, also_same: alsoSame });
  const headers = { "Content-Type": "application/json" };
  pending += 1;
  waiting = waiting.then(() => ask(`questions/${into.name}/${answer.id}`, { method: "PUT", headers, body })).then((data) => {
    for (const one of into.answers) {
      const { state, score, ...rest } = data.marks[one.id] || one;
      Object.assign(one, { state, score }, pending > 1 ? {} : rest); // later changes are on their way
    }
    say("");
    if (into === question) {
      if (document.activeElement !== at("comment") && document.activeElement !== at("own")) showMark();
      showQuestions();
    }
  }).catch(say).finally(() => { pending -= 1; });
  return waiting;
}

const markOf = (answer) => ({ ticked: answer.ticked, own: answer.own, comment: answer.comment });

function toggle(position) {
  const answer = current();
  if (!answer || position >= question.items.length) return;
  const has = answer.ticked.includes(position);
  answer.ticked = has ? answer.ticked.filter((one) => one !== position) : [...answer.ticked, position].sort((a, b) => a - b);
  answer.own = null; // the items count again
  save(answer, markOf(answer));
  at("items").children[position].setAttribute("aria-pressed", String(!has));
}

function keepFields() {
  const answer = current();
  if (!answer) return;
  const own = at("own").value.trim() === "" ? null : Number(at("own").value);
  const comment = at("comment").value.trim();
  if (own === answer.own && comment === answer.comment) return;
  Object.assign(answer, { own, comment });
  save(answer, markOf(answer));
}

function go(to) {
  keepFields();
  if (!question || !question.answers.length) return;
  place = Math.min(Math.max(to, 0), question.answers.length - 1);
  show();
  at("answer").focus({ preventScroll: true });
  at("answer").scrollIntoView({ block: "nearest" });
}

function unmarked() {
  const { answers } = question;
  const order = answers.map((_, step) => (place + 1 + step) % answers.length);
  const found = order.find((one) => answers[one].state !== "marked");
  if (found !== undefined) go(found);
}

async function confirm() {
  const answer = current();
  if (answer) await save(answer, markOf(answer));
  go(place + 1);
}

function neighbour(step) {
  const here = questions.findIndex((one) => one.name === question.name);
  const to = questions[here + step];
  if (to) open(to.name).catch(say);
}

const KEYS = {
  n: () => go(place + 1),
  p: () => go(place - 1),
  ArrowRight: () => go(place + 1),
  ArrowLeft: () => go(place - 1),
  u: unmarked,
  c: () => at("comment").focus(),
  s: () => at("own").focus(),
  g: () => current() && current().same && save(current(), markOf(current()), true),
  Enter: confirm,
  Backspace: () => current() && save(current(), null),
  "[": () => neighbour(-1),
  "]": () => neighbour(1),
};

document.addEventListener("keydown", (event) => {
  if (!question || event.altKey || event.metaKey) return;
  const field = event.target.closest("input, textarea");
  if (field) {
    const leave = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || field === at("own")));
    if (!leave) return;
    event.preventDefault();
    field.blur();
    if (event.key === "Enter" && event.ctrlKey) go(place + 1);
    return;
  }
  if (event.ctrlKey) return;
  if (event.key === "Enter" && event.target.closest("button, summary, a")) return; // it presses what has the focus
  const act = /^[1-9]$/.test(event.key) ? () => toggle(Number(event.key) - 1) : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
at("own").addEventListener("change", keepFields);
at("comment").addEventListener("change", keepFields);
at("next").addEventListener("click", KEYS.n);
at("previous").addEventListener("click", KEYS.p);
at("confirm").addEventListener("click", confirm);
at("unmarked").addEventListener("click", unmarked);
at("same").addEventListener("click", KEYS.g);
at("back").addEventListener("click", KEYS.Backspace);
start().catch(say);
