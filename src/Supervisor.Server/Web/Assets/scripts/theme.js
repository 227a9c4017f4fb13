// Loaded before the page is painted, or a dark page would flash white first: therefore no module.
'use strict';
const theme = {
  get: () => localStorage.getItem('theme') || 'auto',
  set(value) {
    if (value === 'auto') localStorage.removeItem('theme');
    else localStorage.setItem('theme', value);
    theme.show();
  },
  show() {
    const value = theme.get();
    if (value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
  },
};
theme.show();
// Other tabs follow.
addEventListener('storage', theme.show);
window.theme = theme;
