// The live page of all programs. It takes the place of the server's table when the first snapshot is there; until then, and wherever this
// does not run, that table does everything.

import { act } from './actions.js';
import { useNamespace } from './calls.js';
import { announce, bytes, h, install, namespec, setText } from './dom.js';
import { confirmed, shortcuts, themeButton } from './keys.js';
import { stream } from './live.js';
import { isFailed, isRunning, keep, kinds, processes } from './model.js';
import { createRow, showFigures, showLastLines, showOutcome, showState, showUptime, toggleDetail } from './row.js';

const rows = new Map();
const groups = new Map();
const changed = new Set();
const folded = new Set(JSON.parse(localStorage.getItem('folded') || '[]'));
const view = { kind: 'all', text: '', sort: 'name', down: false, grouped: localStorage.getItem('grouped') !== 'no' };

let ui = null;
let painting = false;

const chips = {};

function build(snapshot) {
  install();
  const search = h('input', { type: 'search', id: 'search', placeholder: 'Search  /', 'aria-label': 'Search programs', autocomplete: 'off', oninput: () => {
    view.text = search.value.trim().toLowerCase();
    filter();
  } });
  const filters = h('div', { class: 'filters', role: 'group', 'aria-label': 'Show' }, ...Object.entries(kinds).map(([kind, { label }]) => {
    const count = h('b');
    const button = h('button', { type: 'button', 'data-kind': kind, onclick: () => {
      view.kind = kind;
      filter();
    } }, `${label} `, count);
    chips[kind] = { button, count };
    return button;
  }));
  const grouped = h('button', { type: 'button', id: 'grouped', onclick: () => {
    view.grouped = !view.grouped;
    localStorage.setItem('grouped', view.grouped ? 'yes' : 'no');
    arrange();
  } }, 'Groups');
  const all = (verb, label, question) => h('button', { type: 'button', class: verb, onclick: async () => {
    if (!question || await confirmed(question, label)) act(verb, [...processes.keys()], { all: true }, outcome);
  } }, label);
  const column = (key, label, css) => h('th', { role: 'columnheader', scope: 'col', class: css, 'data-key': key },
    h('button', { type: 'button', onclick: () => {
      view.down = view.sort === key ? !view.down : key !== 'name' && key !== 'state';
      view.sort = key;
      arrange();
    } }, label));
  const head = h('tr', { role: 'row' },
    h('td', { class: 'pick', role: 'cell' }, h('input', { type: 'checkbox', id: 'pick-all', 'aria-label': 'Select all shown', onchange: pickShown })),
    column('state', 'State', 'state'), column('name', 'Name', 'name'), column('uptime', 'Uptime', 'num uptime'), column('cpu', 'CPU', 'num cpu'),
    column('memory', 'Memory', 'num memory'), h('th', { role: 'columnheader', scope: 'col', class: 'action' }, 'Action'));
  ui = {
    search, grouped, head,
    connection: h('span', { id: 'connection', role: 'status' }, 'live'),
    title: h('h1'), host: h('span', { class: 'host' }),
    table: h('table', { role: 'table', 'aria-label': 'Programs', onchange: pickedChanged, onclick: clicked }, h('thead', { role: 'rowgroup' }, head)),
    empty: h('p', { class: 'empty', hidden: true }, 'No program matches.'),
    picked: h('b'),
  };
  const picked = (verb, label) => h('button', { type: 'button', class: verb, onclick: () => act(verb, pickedNames(), {}, outcome) }, label);
  ui.selection = h('div', { id: 'selection', role: 'toolbar', 'aria-label': 'Selected programs', hidden: true },
    ui.picked, picked('start', 'Start'), picked('restart', 'Restart'), picked('stop', 'Stop'), picked('clear', 'Clear logs'),
    h('button', { type: 'button', class: 'quiet', onclick: unpick }, 'None'));

  const header = h('header', { id: 'header' },
    h('a', { class: 'skip', href: '#programs' }, 'To the programs'),
    h('img', { src: 'images/mark.svg', alt: '', width: 30, height: 30 }), h('div', { class: 'who' }, ui.title, ui.host),
    search, ui.connection, themeButton(), shortcuts(keys));
  const main = h('main', { id: 'programs', tabindex: '-1' },
    h('div', { class: 'bar' }, filters, h('div', { class: 'buttons', role: 'group', 'aria-label': 'All programs' }, grouped,
      all('start', 'Start all'), all('restart', 'Restart all', 'Restart all programs?'), all('stop', 'Stop all', 'Stop all programs?'),
      h('a', { href: 'mainlog.html' }, 'Main log'))),
    ui.table, ui.empty, ui.selection);

  // The server's words stay: its message, and what stands in the footer.
  const old = document.getElementById('wrapper');
  const message = old.querySelector('.status_msg');
  if (message) main.prepend(message);
  old.replaceWith(header, main);
  document.body.classList.add('live');
  take(snapshot);
}

function take(snapshot) {
  useNamespace(snapshot.namespace);
  setText(ui.title, snapshot.identification);
  setText(ui.host, snapshot.host);
  const there = new Set(snapshot.processes.map(namespec));
  for (const name of [...processes.keys()]) if (!there.has(name)) forget(name);
  snapshot.processes.forEach(learn);
  arrange();
}

function learn(info) {
  const name = namespec(info);
  const fresh = !processes.has(name);
  const known = keep(name, info);
  if (fresh) rows.set(name, createRow(known));
  changed.add(name);
  return fresh;
}

function forget(name) {
  processes.delete(name);
  const row = rows.get(name);
  row.element.remove();
  row.detail?.remove();
  for (const group of groups.values()) group.list = group.list.filter((r) => r !== row);
  rows.delete(name);
  changed.delete(name);
}

function clicked(event) {
  const button = event.target.closest('button');
  const name = event.target.closest('tr')?.dataset.name;
  if (!button || !name) return;
  if (button.dataset.verb) act(button.dataset.verb, [name], {}, outcome);
  else toggleDetail(rows.get(name));
}

// Many changes at once make one painting.
function paint() {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    const failed = [];
    for (const name of changed) {
      const row = rows.get(name);
      const before = row.shown;
      showState(row);
      if (isFailed(row.known.info) && before !== row.shown) failed.push(row);
    }
    changed.clear();
    filter();
    if (failed.length) showLastLines(failed);
  });
}

const order = {
  name: (row) => row.known.name,
  state: (row) => row.known.info.statename,
  uptime: (row) => (row.known.info.pid ? -row.known.since : -Infinity),
  cpu: (row) => row.figures?.[0] ?? -1,
  memory: (row) => row.figures?.[1] ?? -1,
};

function sorted(list) {
  const key = order[view.sort];
  const sign = view.down ? -1 : 1;
  return list.map((row) => [key(row), row])
    .sort(([a, x], [b, y]) => (a < b ? -sign : a > b ? sign : x.known.name < y.known.name ? -1 : 1))
    .map(([, row]) => row);
}

/** Puts rows into their groups and in order. */
function arrange() {
  ui.grouped.setAttribute('aria-pressed', String(view.grouped));
  ui.table.classList.toggle('grouped', view.grouped);
  for (const cell of ui.head.querySelectorAll('[data-key]')) {
    cell.setAttribute('aria-sort', cell.dataset.key === view.sort ? (view.down ? 'descending' : 'ascending') : 'none');
  }
  const members = new Map();
  for (const row of rows.values()) {
    // A program that is a group of its own needs no heading.
    const { group, name } = row.known.info;
    const key = view.grouped && group !== name ? group : '';
    if (!members.has(key)) members.set(key, []);
    members.get(key).push(row);
  }
  for (const key of groups.keys()) if (!members.has(key)) groups.delete(key);
  const bodies = [...members.keys()].sort().map((key) => {
    if (!groups.has(key)) {
      const group = { body: h('tbody', { role: 'rowgroup' }), list: [], heading: null };
      if (key) group.heading = heading(key, group);
      groups.set(key, group);
    }
    const group = groups.get(key);
    const list = sorted(members.get(key));
    // Moving rows costs a layout of all of them.
    if (list.length !== group.list.length || list.some((row, i) => row !== group.list[i])) {
      group.list = list;
      group.body.replaceChildren(...(group.heading ? [group.heading.element] : []), ...list.flatMap((row) => (row.detail ? [row.element, row.detail] : [row.element])));
    }
    return group.body;
  });
  const focus = document.activeElement;
  if (bodies.length !== ui.table.tBodies.length || bodies.some((body, i) => body !== ui.table.tBodies[i])) ui.table.replaceChildren(ui.table.tHead, ...bodies);
  if (focus !== document.activeElement) focus.focus();
  paint();
}

function heading(key, group) {
  const fold = h('button', { type: 'button', class: 'fold', 'aria-expanded': String(!folded.has(key)), onclick: () => {
    if (!folded.delete(key)) folded.add(key);
    localStorage.setItem('folded', JSON.stringify([...folded]));
    fold.setAttribute('aria-expanded', String(!folded.has(key)));
    filter();
  } }, key);
  const counts = h('span', { class: 'counts' });
  const sum = h('td', { class: 'num memory', role: 'cell' });
  const button = (verb, label) => h('button', { type: 'button', class: verb, 'aria-label': `${label} group ${key}`,
    onclick: () => act(verb, group.list.map((row) => row.known.name), { group: key }, outcome) }, label);
  const pick = h('input', { type: 'checkbox', 'aria-label': `Select group ${key}`, onchange: () => {
    for (const row of group.list) if (!row.element.hidden) row.pick.checked = pick.checked;
  } });
  return {
    counts, sum,
    element: h('tr', { class: 'group', role: 'row' }, h('td', { class: 'pick', role: 'cell' }, pick),
      h('th', { class: 'title', role: 'rowheader', scope: 'rowgroup' }, fold, counts), sum,
      h('td', { class: 'action', role: 'cell' }, button('start', 'Start'), button('restart', 'Restart'), button('stop', 'Stop'))),
  };
}

/** Shows and hides rows, and counts. */
function filter() {
  const counts = Object.fromEntries(Object.keys(kinds).map((k) => [k, 0]));
  let shown = 0;
  for (const [key, group] of groups) {
    let here = 0;
    const by = {};
    for (const row of group.list) {
      const { info, name } = row.known;
      for (const kind in kinds) if (kinds[kind].has(info)) counts[kind]++;
      const kind = isRunning(info) ? 'running' : isFailed(info) ? 'failed' : info.statename.toLowerCase();
      by[kind] = (by[kind] || 0) + 1;
      const match = kinds[view.kind].has(info) && name.toLowerCase().includes(view.text);
      if (match) here++;
      // A search opens what is folded.
      const hidden = !match || (key !== '' && folded.has(key) && !view.text);
      row.element.hidden = hidden;
      if (row.detail) row.detail.hidden = hidden;
      if (hidden) row.pick.checked = false;
    }
    shown += here;
    if (group.heading) {
      group.heading.element.hidden = !here;
      setText(group.heading.counts, Object.entries(by).map(([kind, n]) => `${n} ${kind}`).join(' · '));
    }
  }
  for (const kind in kinds) {
    setText(chips[kind].count, String(counts[kind]));
    chips[kind].button.setAttribute('aria-pressed', String(view.kind === kind));
  }
  ui.empty.hidden = shown > 0;
  setText(ui.empty, rows.size ? 'No program matches.' : 'No programs to manage');
  pickedChanged();
}

const shownRows = () => [...ui.table.querySelectorAll('tr.program:not([hidden])')];
const pickedNames = () => [...rows.values()].filter((r) => r.pick.checked).map((r) => r.known.name);

function pickedChanged() {
  const count = pickedNames().length;
  ui.selection.hidden = count === 0;
  setText(ui.picked, `${count} selected`);
}

function pickShown(event) {
  for (const tr of shownRows()) rows.get(tr.dataset.name).pick.checked = event.target.checked;
}

function unpick() {
  for (const row of rows.values()) row.pick.checked = false;
  document.getElementById('pick-all').checked = false;
  pickedChanged();
}

function outcome(name, text, ok) {
  if (rows.has(name)) showOutcome(rows.get(name), text, ok);
}

// The row that the keyboard is at.
const current = () => document.activeElement?.closest?.('tr.program');
function move(step) {
  const list = shownRows();
  const at = list.indexOf(current());
  list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + step))]?.focus();
}
const onCurrent = (f) => () => (current() ? f(rows.get(current().dataset.name)) : false);
const onRow = (verb) => onCurrent((row) => void act(verb, [row.known.name], {}, outcome));
const keys = {
  '/': ['Search', () => ui.search.focus()],
  'Escape': ['Leave the search, show all', () => {
    ui.search.value = view.text = '';
    view.kind = 'all';
    document.activeElement.blur();
    filter();
  }],
  'j': ['Next program', () => move(1)],
  'k': ['Previous program', () => move(-1)],
  'ArrowDown': ['Next program, once at one', () => (current() ? move(1) : false)],
  'ArrowUp': ['Previous program, once at one', () => (current() ? move(-1) : false)],
  'x': ['Select the program', onCurrent((row) => row.pick.click())],
  'Enter': ['Details of the program', onCurrent((row) => row.fold.click())],
  's': ['Start it', onRow('start')],
  'r': ['Restart it', onRow('restart')],
  't': ['Stop it', onRow('stop')],
  'l': ['Its log', onCurrent((row) => void location.assign(row.element.querySelector('a.log').href))],
  'f': ['Show failed programs only', () => chips.failed.button.click()],
  'g': ['With or without groups', () => ui.grouped.click()],
  '?': ['This help', () => document.getElementById('help').showModal()],
};

function figures(usage) {
  if (!ui) return;
  for (const [name, row] of rows) if (usage[name]) showFigures(row, usage[name]);
  for (const { heading: head, list } of groups.values()) {
    if (!head) continue;
    const total = list.reduce((sum, row) => sum + (row.figures?.[1] ?? 0), 0);
    setText(head.sum, total ? bytes(total) : '');
  }
  // Nothing moves under the pointer or the focus.
  if ((view.sort === 'cpu' || view.sort === 'memory') && !ui.table.matches(':hover, :focus-within')) arrange();
}

function happened(event) {
  if (!ui) return;
  let fresh = false;
  for (const info of event.processes) {
    fresh = learn(info) || fresh;
    if (event.event === 'PROCESS_STATE_FATAL') announce(`${namespec(info)} failed: ${info.spawnerr || info.description}`);
  }
  if (event.event === 'PROCESS_GROUP_REMOVED') {
    for (const [name, { info }] of processes) if (info.group === event.headers.groupname) forget(name);
    fresh = true;
  }
  if (event.event === 'SUPERVISOR_STATE_CHANGE_STOPPING') connection('stopping');
  if (fresh) arrange();
  else paint();
}

function connection(state) {
  if (!ui) return;
  ui.connection.dataset.state = state;
  setText(ui.connection, { live: 'live', lost: 'reconnecting', paused: 'paused', stopping: 'stopping' }[state]);
}

const handlers = { usage: figures, snapshot: (snapshot) => {
  // Without methods to call there is nothing to do but look: then the server's own page is the better one.
  if (!snapshot.namespace) return live.close();
  if (ui) take(snapshot);
  else build(snapshot);
  connection('live');
} };
for (const state of ['STOPPED', 'STARTING', 'RUNNING', 'BACKOFF', 'STOPPING', 'EXITED', 'FATAL', 'UNKNOWN']) handlers[`PROCESS_STATE_${state}`] = happened;
for (const type of ['PROCESS_GROUP_ADDED', 'PROCESS_GROUP_REMOVED', 'SUPERVISOR_STATE_CHANGE_STOPPING']) handlers[type] = happened;

const live = stream(() => 'api/v1/events?usage=1', handlers, connection);
live.watch();
setInterval(() => {
  if (ui && !document.hidden) for (const row of rows.values()) if (!row.element.hidden && row.known.info.pid) showUptime(row);
}, 1000);
