// Theme button, help and single-key shortcuts, which a checkbox in the help turns off.

import { h } from './dom.js';

const off = () => localStorage.getItem('keys') === 'off';

export function themeButton() {
  const next = { auto: 'light', light: 'dark', dark: 'auto' };
  const show = () => {
    button.textContent = { auto: '◐', light: '☀', dark: '☾' }[theme.get()];
    button.title = `Theme: ${theme.get()}`;
    button.setAttribute('aria-label', button.title);
  };
  const button = h('button', {
    type: 'button', class: 'quiet', id: 'theme',
    onclick: () => {
      theme.set(next[theme.get()]);
      show();
    },
  });
  show();
  return button;
}

/** keys: {key: [what it does, action]}; returns the button that opens the help. */
export function shortcuts(keys) {
  const list = Object.entries(keys).flatMap(([key, [text]]) => [
    h('dt', null, h('kbd', null, key === ' ' ? 'Space' : key)), h('dd', null, text)]);
  const enabled = h('input', { type: 'checkbox', checked: !off(), onchange: () => localStorage.setItem('keys', enabled.checked ? 'on' : 'off') });
  const dialog = h('dialog', { 'aria-labelledby': 'help-title', id: 'help' },
    h('h2', { id: 'help-title' }, 'Keyboard'),
    h('dl', { class: 'keys' }, ...list),
    h('label', null, enabled, ' Use these shortcuts'),
    h('form', { method: 'dialog' }, h('button', null, 'Close')));
  document.body.append(dialog);

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || dialog.open) return;
    const typing = event.target.matches('input:not([type=checkbox]), textarea, select');
    if (off() || (typing && event.key !== 'Escape')) return;
    // What the focused button does with Enter or Space stays its own.
    if ((event.key === 'Enter' || event.key === ' ') && event.target.matches('button, a, input, summary')) return;
    const entry = keys[event.key];
    if (entry && entry[1](event) !== false) event.preventDefault();
  });
  return h('button', { type: 'button', class: 'quiet', id: 'help-button', title: 'Keyboard shortcuts (?)', 'aria-label': 'Keyboard shortcuts', onclick: () => dialog.showModal() }, '?');
}

/** Asks before something large; resolves with the answer. */
export function confirmed(question, verb) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { 'aria-label': question, onclose: () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    } },
    h('p', null, question),
    h('form', { method: 'dialog', class: 'row' }, h('button', { value: 'no' }, 'Cancel'), h('button', { value: 'yes', class: 'strong' }, verb)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

