// One program's row, and the panel below it.

import { call, calls, Fault } from './calls.js';
import { bytes, duration, h, logPage, setText } from './dom.js';
import { cssClass, isFailed, isRunning, isStopped, staysStopped, uptime } from './model.js';

// Made once and copied: hundreds of rows are there in a moment. What a row needs later is marked with data-part; clicks are the table's.
const part = (tag, name, props, ...children) => h(tag, { 'data-part': name, ...props }, ...children);
const button = (verb, label) => part('button', verb, { type: 'button', 'data-verb': verb }, label);
const figure = (name, label) => part('td', name, { class: `num ${name}`, role: 'cell', 'data-label': label }, '–');
const model = h('tr', { class: 'program', role: 'row', tabindex: '-1' },
  h('td', { class: 'pick', role: 'cell' }, part('input', 'pick', { type: 'checkbox' })),
  h('td', { class: 'status', role: 'cell' }, part('span', 'state')),
  h('th', { class: 'name', role: 'rowheader', scope: 'row' },
    part('button', 'fold', { type: 'button', class: 'fold', 'aria-expanded': 'false' }),
    part('a', 'link', null, part('span', 'prefix', { class: 'prefix' }), part('span', 'title')),
    part('span', 'outcome', { class: 'outcome' }), part('span', 'reason', { class: 'reason' }), part('code', 'lastLine', { class: 'lastline', hidden: true })),
  figure('uptime', 'up'), figure('cpu', 'cpu'), figure('memory', 'mem'),
  h('td', { class: 'action', role: 'cell' }, button('start', 'Start'), button('restart', 'Restart'), button('stop', 'Stop'), part('a', 'log', { class: 'log' }, 'Log')));

export function createRow(known) {
  const { name } = known;
  const row = { known, element: model.cloneNode(true), figures: null, detail: null };
  for (const element of row.element.querySelectorAll('[data-part]')) row[element.dataset.part] = element;
  row.element.dataset.name = name;
  const colon = name.indexOf(':') + 1;
  row.prefix.textContent = name.slice(0, colon);
  row.title.textContent = name.slice(colon);
  row.link.href = row.log.href = logPage(name);
  row.link.title = name;
  const labels = { pick: 'Select', fold: 'Details of', start: 'Start', restart: 'Restart', stop: 'Stop', log: 'Log of' };
  for (const key in labels) row[key].setAttribute('aria-label', `${labels[key]} ${name}`);
  return row;
}

export function showState(row) {
  const { info } = row.known;
  const failed = isFailed(info);
  if (row.shown !== info.statename) {
    row.shown = info.statename;
    row.element.dataset.state = info.statename.toLowerCase();
    row.state.className = cssClass(info);
    row.state.textContent = info.statename.toLowerCase();
    if (isRunning(info) && row.outcome.classList.contains('bad')) setText(row.outcome, '');
  }
  row.element.classList.toggle('failed', failed);
  row.start.hidden = !isStopped(info);
  row.restart.hidden = !isRunning(info);
  row.stop.hidden = staysStopped(info) || info.statename === 'STOPPING';
  setText(row.reason, failed ? info.spawnerr || info.description : isRunning(info) ? '' : info.description);
  if (!failed) row.lastLine.hidden = true;
  if (!info.pid) showFigures(row, null);
  showUptime(row);
  if (row.detail) fillFacts(row);
}

export function showUptime(row) {
  setText(row.uptime, row.known.info.pid ? duration(uptime(row.known)) : '–');
}

/** figures: [percent or null, bytes], or null where nothing is known. */
export function showFigures(row, figures) {
  row.figures = figures;
  setText(row.cpu, figures && figures[0] !== null ? `${figures[0] < 10 ? figures[0].toFixed(1) : Math.round(figures[0])} %` : '–');
  setText(row.memory, figures ? bytes(figures[1]) : '–');
}

/** ok: null while it is under way. */
export function showOutcome(row, text, ok) {
  row.outcome.className = `outcome ${ok ? 'ok' : 'bad'}`;
  setText(row.outcome, text);
  clearTimeout(row.fading);
  if (ok && text !== '…') row.fading = setTimeout(() => setText(row.outcome, ''), 8000);
}

/** What programs that failed said last, in one request for all of them. */
export async function showLastLines(rows) {
  const wanted = rows.slice(0, 100);
  const tails = await calls(wanted.flatMap((r) => ['Stderr', 'Stdout'].map((c) => [`tailProcess${c}Log`, r.known.name, 0, 1024]))).catch(() => []);
  wanted.forEach((row, i) => {
    const text = tails.slice(2 * i, 2 * i + 2).map((t) => (Array.isArray(t) ? t[0].trim() : '')).find((t) => t) || '';
    row.lastLine.hidden = !text || !isFailed(row.known.info);
    setText(row.lastLine, text.split('\n').pop().replace(/\x1b\[[0-9;]*m/g, ''));
  });
}

export function toggleDetail(row) {
  const open = !row.detail;
  row.fold.setAttribute('aria-expanded', String(open));
  if (!open) {
    row.detail.remove();
    row.detail = null;
    return;
  }
  const { name } = row.known;
  row.facts = h('dl');
  row.tail = h('pre', { tabindex: '0', 'aria-label': `Last lines of ${name}` }, '…');
  row.detail = h('tr', { class: 'detail', role: 'row', 'data-name': name }, h('td', { role: 'cell' },
    row.facts,
    h('div', { class: 'links' },
      h('a', { href: logPage(name) }, 'stdout'), h('a', { href: logPage(name, 'stderr') }, 'stderr'),
      h('a', { href: `logtail/${encodeURIComponent(name)}` }, 'raw stdout'), h('a', { href: `logtail/${encodeURIComponent(name)}/stderr` }, 'raw stderr'),
      h('button', { type: 'button', 'data-verb': 'clear', 'aria-label': `Clear logs of ${name}` }, 'Clear log')),
    row.tail));
  row.element.after(row.detail);
  fillFacts(row);
  fillTail(row);
}

function fillFacts(row) {
  const { info } = row.known;
  const date = (seconds) => (seconds ? new Date(seconds * 1000).toLocaleString() : '');
  const facts = [
    ['Reason', info.spawnerr], ['Pid', info.pid || ''], ['Started', date(info.start)],
    ['Ended', info.pid ? '' : date(info.stop)], ['Exit status', info.statename === 'EXITED' ? info.exitstatus : ''],
    ['Stdout', info.stdout_logfile], ['Stderr', info.stderr_logfile],
  ];
  row.facts.replaceChildren(...facts.filter(([, value]) => value !== '').map(([term, value]) => h('div', null, h('dt', null, term), h('dd', null, String(value)))));
}

async function fillTail(row) {
  const parts = await Promise.all(['Stderr', 'Stdout'].map((channel) =>
    call(`tailProcess${channel}Log`, { name: row.known.name, offset: 0, length: 4096 }).then((t) => t[0], (e) => (e instanceof Fault ? '' : Promise.reject(e)))))
    .catch(() => []);
  const text = parts.map((t) => t.trimEnd()).find((t) => t) || '';
  setText(row.tail, text.split('\n').slice(-10).join('\n').replace(/\x1b\[[0-9;]*[A-Za-z]/g, '') || 'nothing in the logs');
}
