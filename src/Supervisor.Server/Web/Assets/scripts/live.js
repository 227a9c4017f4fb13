// One stream of server-sent events for as long as the page is looked at: browsers allow few connections to a server, and the daemon has
// nothing to do for a page that nobody sees.

const SILENCE = 45000;
const AGAIN = 2000;

/** handlers: {type: (data, id)}; status: 'live', 'lost' or 'paused'; url is asked at each opening. */
export function stream(url, handlers, status) {
  let source = null;
  let timer = 0;
  let heard = 0;

  function open() {
    clearTimeout(timer);
    if (source || document.hidden) return;
    heard = Date.now();
    source = new EventSource(url());
    source.onopen = () => status('live');
    source.onerror = () => {
      status('lost');
      // A refusal, or a proxy's error page, ends an EventSource for good; a lost connection does not.
      if (source && source.readyState === EventSource.CLOSED) again();
    };
    for (const [type, handler] of Object.entries(handlers)) {
      source.addEventListener(type, (event) => {
        heard = Date.now();
        handler(JSON.parse(event.data), event.lastEventId);
      });
    }
  }

  function close() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }

  function again() {
    close();
    timer = setTimeout(open, AGAIN);
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      close();
      status('paused');
    } else {
      open();
    }
  });
  open();

  // A laptop that has slept holds a dead connection without knowing. Only for streams that always have something to say.
  return {
    close,
    watch: () => setInterval(() => {
      if (source && Date.now() - heard > SILENCE) again();
    }, SILENCE / 3),
  };
}
