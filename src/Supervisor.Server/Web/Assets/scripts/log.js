// A log as it is written. Takes the place of the server's excerpt when the stream is there.

import { Ansi } from './ansi.js';
import { announce, h, install, logPage, setText } from './dom.js';
import { shortcuts, themeButton } from './keys.js';
import { stream } from './live.js';

const MOST_LINES = 5000;

const parameters = new URLSearchParams(location.search);
const name = parameters.get('processname');
const channel = parameters.get('channel') === 'stderr' ? 'stderr' : 'stdout';
const isMain = document.body.dataset.page === 'mainlog';

const ansi = new Ansi();
const state = { paused: false, held: '', last: '', text: '', at: -1, only: false };
let position = '';
let rest = null;

function build() {
  install();
  const toggle = (id, label, title, f) => h('button', { type: 'button', id, title, onclick: f }, label);
  const ui = {
    lines: h('div', { id: 'log', role: 'log', 'aria-live': 'off', tabindex: '0', 'aria-label': isMain ? 'Main log' : `${channel} of ${name}`, onscroll: scrolled }),
    follow: toggle('follow', 'Follow', 'Keep the end in sight (e)', () => follow(ui.follow.getAttribute('aria-pressed') !== 'true')),
    pause: toggle('pause', 'Pause', 'Hold what is new (p)', pause),
    wrap: toggle('wrap', 'Wrap', 'Break long lines (w)', () => pressed(ui.wrap, ui.lines.classList.toggle('wrap'))),
    only: toggle('only', 'Matches only', 'Hide other lines (m)', () => {
      state.only = !state.only;
      pressed(ui.only, ui.lines.classList.toggle('only', state.only));
    }),
    search: h('input', { type: 'search', id: 'search', placeholder: 'Search  /', 'aria-label': 'Search in the log', autocomplete: 'off', oninput: () => find(ui.search.value), onkeydown: (e) => {
      if (e.key === 'Enter') hit(e.shiftKey ? -1 : 1);
    } }),
    hits: h('span', { class: 'hits', role: 'status' }),
    connection: h('span', { id: 'connection', role: 'status' }, 'connecting'),
    end: h('button', { type: 'button', id: 'end', hidden: true, onclick: () => follow(true) }, '↓ End'),
  };
  const tab = (c) => h('a', { href: logPage(name, c), class: 'tab', 'aria-current': c === channel ? 'page' : false }, c);
  const raw = isMain ? 'mainlogtail' : `logtail/${encodeURIComponent(name)}/${channel}`;
  document.getElementById('wrapper').replaceWith(
    h('header', { id: 'header' },
      h('a', { class: 'home', href: 'index.html', 'aria-label': 'All programs' }, '‹', h('img', { src: 'images/mark.svg', alt: '', width: 30, height: 30 })),
      h('div', { class: 'who' }, h('h1', null, isMain ? 'Main log' : name), ...(isMain ? [] : [h('nav', { 'aria-label': 'Channel' }, tab('stdout'), tab('stderr'))])),
      ui.search, ui.hits, ui.connection, themeButton(), shortcuts({
        '/': ['Search', () => ui.search.focus()],
        'Escape': ['Leave the search', () => document.activeElement.blur()],
        'n': ['Next match', () => hit(1)],
        'N': ['Previous match', () => hit(-1)],
        'p': ['Pause or go on', pause],
        'e': ['Follow the end', () => ui.follow.click()],
        'w': ['Break long lines', () => ui.wrap.click()],
        'm': ['Matches only', () => ui.only.click()],
        'b': ['Back to the programs', () => void location.assign('index.html')],
        '?': ['This help', () => document.getElementById('help').showModal()],
      })),
    h('main', { class: 'logpage' },
      h('div', { class: 'bar', role: 'toolbar', 'aria-label': 'Log' }, ui.follow, ui.pause, ui.wrap, ui.only,
        h('button', { type: 'button', id: 'empty', title: 'Only here, not in the file', onclick: () => {
          ui.lines.replaceChildren();
          state.last = '';
          rest = null;
          find(state.text);
        } }, 'Empty view'),
        h('a', { href: raw }, 'Raw')),
      ui.lines, ui.end));
  document.body.classList.add('live');
  ui.lines.classList.toggle('marks', 'Highlight' in window);
  [ui.pause, ui.wrap, ui.only].forEach((b) => pressed(b, false));
  pressed(ui.follow, true);
  return ui;
}

const pressed = (button, on) => button.setAttribute('aria-pressed', String(on));
const following = () => ui.follow.getAttribute('aria-pressed') === 'true';

function follow(on) {
  pressed(ui.follow, on);
  ui.end.hidden = on;
  if (on) ui.lines.scrollTop = ui.lines.scrollHeight;
}

// Whoever scrolls back wants to read.
function scrolled() {
  const atEnd = ui.lines.scrollHeight - ui.lines.scrollTop - ui.lines.clientHeight < 24;
  if (atEnd !== following()) follow(atEnd);
}

function pause() {
  state.paused = !state.paused;
  pressed(ui.pause, state.paused);
  if (!state.paused) {
    const held = state.held;
    state.held = '';
    add(held);
  }
  label();
}

function label() {
  const waiting = state.held.split('\n').length - 1;
  setText(ui.pause, state.paused ? `Go on${waiting ? ` (${waiting})` : ''}` : 'Pause');
}

function take(text, id) {
  position = id;
  if (state.paused) {
    // As much as would be kept anyhow.
    state.held = (state.held + text).slice(-2000000);
    label();
  } else {
    add(text);
  }
}

function add(text) {
  const parts = (state.last + text).split('\n');
  state.last = parts.pop();
  // A line that is not finished is shown, and made anew with its rest.
  if (rest) rest.remove();
  rest = null;
  const fresh = parts.slice(-MOST_LINES).map(line);
  if (state.last) {
    const style = { ...ansi.style };
    rest = line(state.last);
    ansi.style = style;
    fresh.push(rest);
  }
  ui.lines.append(...fresh);
  const over = ui.lines.childElementCount - MOST_LINES;
  for (let i = 0; i < over; i++) ui.lines.firstChild.remove();
  if (following()) ui.lines.scrollTop = ui.lines.scrollHeight;
  if (state.text) count();
}

function line(text) {
  const element = h('div', null, ...ansi.line(text));
  if (state.text) mark(element);
  return element;
}

function mark(element) {
  element.classList.toggle('hit', state.text !== '' && element.textContent.toLowerCase().includes(state.text));
}

function find(text) {
  state.text = text.toLowerCase();
  state.at = -1;
  for (const element of ui.lines.children) mark(element);
  count();
  highlight();
}

const found = () => ui.lines.getElementsByClassName('hit');

function count() {
  setText(ui.hits, state.text ? `${state.at >= 0 ? `${state.at + 1} of ` : ''}${found().length}` : '');
  highlight();
}

function hit(step) {
  const list = found();
  if (!list.length) return announce('No match');
  ui.lines.querySelector('.at')?.classList.remove('at');
  // From the end backwards first, where the news are.
  state.at = state.at < 0 ? (step > 0 ? 0 : list.length - 1) : (state.at + step + list.length) % list.length;
  list[state.at].classList.add('at');
  list[state.at].scrollIntoView({ block: 'center' });
  count();
}

// The words themselves, where the browser can mark them without changing the document.
function highlight() {
  if (!window.Highlight) return;
  CSS.highlights.delete('found');
  if (!state.text) return;
  const ranges = [];
  for (const element of [...found()].slice(-500)) {
    for (const node of texts(element)) {
      const where = node.data.toLowerCase();
      for (let at = where.indexOf(state.text); at >= 0; at = where.indexOf(state.text, at + state.text.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + state.text.length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set('found', new Highlight(...ranges));
}

function* texts(element) {
  for (const child of element.childNodes) yield child.nodeType === Node.TEXT_NODE ? child : child.firstChild;
}

let ui = null;
if (isMain || name) {
  const begin = () => (ui ??= build());
  const url = () => {
    const query = new URLSearchParams({ bytes: '65536' });
    if (!isMain) {
      query.set('name', name);
      query.set('channel', channel);
    }
    if (position) query.set('from', position);
    return `api/v1/log?${query}`;
  };
  stream(url, { log: (text, id) => {
    begin();
    take(text, id);
  } }, (status) => {
    // A log that does not exist yet: the server's page says so, and it is tried again.
    if (status === 'live') begin();
    if (!ui) return;
    ui.connection.dataset.state = status;
    setText(ui.connection, { live: 'live', lost: 'reconnecting', paused: 'paused' }[status]);
  });
}
