// Small helpers. Text from the daemon only ever becomes text nodes or attributes, never markup.

/** An element: h('td', {class: 'x', onclick: f}, child, 'text'); a false or null property is left out. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** Writing a text that is there already would cost a layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The daemon's long and short names: group:process, or one name where both are the same. */
export const namespec = (p) => (p.group === p.name ? p.name : `${p.group}:${p.name}`);

export const logPage = (name, channel) =>
  `tail.html?processname=${encodeURIComponent(name)}${channel === 'stderr' ? '&channel=stderr' : ''}`;

export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, '0');
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${two(s % 60)}s`;
  if (s < 86400) return `${Math.floor(s / 3600)}h ${two(Math.floor(s / 60) % 60)}m`;
  return `${Math.floor(s / 86400)}d ${two(Math.floor(s / 3600) % 24)}h`;
}

export function bytes(n) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${n < 10 && unit > 0 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

const spoken = h('div', { class: 'sr', role: 'status', 'aria-live': 'polite' });
const notes = h('div', { class: 'notes' });

/** For screen readers. */
export function announce(text) {
  spoken.textContent = text;
}

/** A note in the corner; one that tells of a failure stays until it is closed. */
export function note(text, { bad = false, lines = [] } = {}) {
  const close = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => box.remove() }, '×');
  const box = h('div', { class: bad ? 'note bad' : 'note' }, h('strong', null, text), close);
  if (lines.length) box.append(h('ul', null, ...lines.map((line) => h('li', null, line))));
  notes.prepend(box);
  while (notes.children.length > 4) notes.lastChild.remove();
  announce([text, ...lines].join('. '));
  if (!bad) setTimeout(() => box.remove(), 7000);
}

export function install() {
  document.body.append(spoken, notes);
}
