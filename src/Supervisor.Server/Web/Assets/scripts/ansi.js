// Colours of a terminal as spans. Styles set by script are fine with the page's policy; style attributes in markup would not be.

const BASE = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
// ESC [ parameters letter; what is not a colour is dropped, as are titles (ESC ] ... BEL).
const ESCAPE = /\x1b(?:\[([0-9;:?]*)([A-Za-z])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[()][A-Za-z0-9]|[=>78cMDEH])/g;

/** Remembers the style from one line to the next. */
export class Ansi {
  style = {};

  /** Nodes of a line. */
  line(text) {
    // What was overwritten on the same line, as progress bars do, was meant to go.
    const kept = text.slice(text.lastIndexOf('\r', text.length - 2) + 1).replace(/\r$/, '');
    const nodes = [];
    let from = 0;
    for (const match of kept.matchAll(ESCAPE)) {
      this.push(nodes, kept.slice(from, match.index));
      from = match.index + match[0].length;
      if (match[2] === 'm') this.apply(match[1].split(/[;:]/).map(Number));
    }
    this.push(nodes, kept.slice(from));
    return nodes;
  }

  push(nodes, text) {
    if (!text) return;
    const { color, background, ...flags } = this.style;
    const on = Object.keys(flags);
    if (!color && !background && !on.length) {
      nodes.push(document.createTextNode(text));
      return;
    }
    const span = document.createElement('span');
    span.textContent = text;
    for (const flag of on) span.classList.add(`a-${flag}`);
    for (const [value, css, prefix] of [[color, 'color', 'a-'], [background, 'backgroundColor', 'b-']]) {
      if (!value) continue;
      if (value.startsWith('rgb')) span.style[css] = value;
      else span.classList.add(prefix + value);
    }
    nodes.push(span);
  }

  apply(codes) {
    for (let i = 0; i < codes.length; i++) {
      const c = codes[i];
      const key = (c % 100 >= 40 && c % 100 < 50) || c >= 100 ? 'background' : 'color';
      if (c === 0) this.style = {};
      else if (c === 1) this.style.bold = true;
      else if (c === 2) this.style.dim = true;
      else if (c === 3) this.style.italic = true;
      else if (c === 4) this.style.underline = true;
      else if (c === 7) this.style.inverse = true;
      else if (c === 9) this.style.strike = true;
      else if (c === 22) delete this.style.bold, delete this.style.dim;
      else if (c === 23) delete this.style.italic;
      else if (c === 24) delete this.style.underline;
      else if (c === 27) delete this.style.inverse;
      else if (c === 29) delete this.style.strike;
      else if (c === 39) delete this.style.color;
      else if (c === 49) delete this.style.background;
      else if ((c >= 30 && c < 38) || (c >= 40 && c < 48)) this.style[key] = BASE[c % 10];
      else if ((c >= 90 && c < 98) || (c >= 100 && c < 108)) this.style[key] = `bright-${BASE[c % 10]}`;
      else if (c === 38 || c === 48) {
        if (codes[i + 1] === 5) {
          this.style[key] = indexed(codes[i + 2]);
          i += 2;
        } else if (codes[i + 1] === 2) {
          this.style[key] = `rgb(${codes.slice(i + 2, i + 5).map((n) => n & 255).join(',')})`;
          i += 4;
        }
      }
    }
  }
}

// The palette of 256: sixteen names, a cube, greys.
function indexed(n) {
  if (n < 8) return BASE[n];
  if (n < 16) return `bright-${BASE[n - 8]}`;
  if (n >= 232) return `rgb(${[0, 0, 0].fill(8 + 10 * (n - 232)).join(',')})`;
  const level = (v) => (v ? 55 + 40 * v : 0);
  const m = n - 16;
  return `rgb(${level(Math.floor(m / 36))},${level(Math.floor(m / 6) % 6)},${level(m % 6)})`;
}
