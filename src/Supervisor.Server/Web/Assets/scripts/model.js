// What the page knows of the programs, kept up to date by the stream.

export const processes = new Map();

const RUNNING = ['RUNNING'];
const FAILED = ['FATAL', 'BACKOFF'];
const STOPPED = ['STOPPED', 'EXITED'];

export const isFailed = (p) => FAILED.includes(p.statename) || (p.statename === 'EXITED' && p.spawnerr !== '');
export const isStopped = (p) => STOPPED.includes(p.statename) || p.statename === 'FATAL';
/** Ended, and nothing will start it by itself. */
export const staysStopped = (p) => isStopped(p) && !p.restartpending;
export const isRunning = (p) => RUNNING.includes(p.statename);

/** The filters above the table. Each program is in exactly one of those after the first. */
export const kinds = {
  all: { label: 'All', has: () => true },
  running: { label: 'Running', has: isRunning },
  failed: { label: 'Failed', has: isFailed },
  stopped: { label: 'Stopped', has: (p) => STOPPED.includes(p.statename) && !isFailed(p) },
  moving: { label: 'Changing', has: (p) => !isRunning(p) && !isFailed(p) && !STOPPED.includes(p.statename) },
};

/** The classes that the page has always had. */
export const cssClass = (p) =>
  isRunning(p) ? 'statusrunning' : FAILED.includes(p.statename) ? 'statuserror' : 'statusnominal';

// The clock of the daemon and that of the browser need not agree: uptime counts from the moment of the report.
export function keep(name, info) {
  const known = processes.get(name) || { name };
  known.info = info;
  known.since = info.start ? performance.now() - (info.now - info.start) * 1000 : 0;
  processes.set(name, known);
  for (const waiter of [...(waiters.get(name) || [])]) waiter(info);
  return known;
}

export const uptime = (known) => (known.info.pid ? (performance.now() - known.since) / 1000 : -1);

const waiters = new Map();

/** Resolves with the first report of the program that `decide` does not answer with undefined. Begin before asking for the change. */
export function when(name, decide, signal) {
  return new Promise((resolve) => {
    const waiter = (info) => {
      const answer = decide(info);
      if (answer !== undefined) finish(answer);
    };
    const finish = (answer) => {
      waiters.get(name)?.delete(waiter);
      resolve(answer);
    };
    if (!waiters.has(name)) waiters.set(name, new Set());
    waiters.get(name).add(waiter);
    signal.addEventListener('abort', () => finish(null));
  });
}
