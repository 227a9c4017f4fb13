// Start, stop, restart and clear, of one program or many. Nothing waits in the daemon: the stream tells what becomes of each.

import { call, calls, Fault } from './calls.js';
import { namespec, note } from './dom.js';
import { isRunning, isStopped, processes, staysStopped, when } from './model.js';

const DONE = { start: 'started', stop: 'stopped', restart: 'restarted', clear: 'log cleared' };
const ALREADY = { 60: 'already started', 70: 'not running' };

// What a report means for somebody who waits for a start or a stop; undefined: wait on.
// A program that does its work and ends may be seen only when it has ended.
const started = (info) => {
  if (isRunning(info) || (info.statename === 'EXITED' && !info.spawnerr)) return '';
  return ['STARTING', 'STOPPING'].includes(info.statename) ? undefined : info.spawnerr || info.statename.toLowerCase();
};
const stopped = (info) => (staysStopped(info) ? '' : undefined);

// Asks for it and waits. scope: {all}, {group} or nothing, for the names alone; the daemon then minds the priorities.
async function change(verb, names, scope) {
  const decide = verb === 'start' ? started : stopped;
  const waiting = new Map(names.map((name) => [name, new AbortController()]));
  const results = names.map((name) => when(name, decide, waiting.get(name).signal));
  const faults = new Map();
  const told = (name, fault) => {
    faults.set(name, ALREADY[fault.code] ? `(${ALREADY[fault.code]})` : fault.message);
    waiting.get(name)?.abort();
  };
  try {
    if (scope.all || scope.group) {
      const method = `${verb}${scope.all ? 'AllProcesses' : 'ProcessGroup'}`;
      const statuses = await call(method, scope.all ? { wait: false } : { name: scope.group, wait: false });
      const asked = new Map(statuses.map((s) => [namespec(s), s]));
      for (const name of names) {
        const status = asked.get(name);
        if (status && status.status !== 80) told(name, { code: status.status, message: status.description });
        // It was there already when the daemon looked.
        if (!status) waiting.get(name).abort();
      }
    } else {
      (await calls(names.map((name) => [`${verb}Process`, name, false]))).forEach((answer, i) => {
        if (answer instanceof Fault) told(names[i], answer);
      });
    }
  } catch (error) {
    names.forEach((name) => told(name, error));
  }
  const settled = await Promise.all(results);
  return new Map(names.map((name, i) => [name, faults.get(name) ?? settled[i] ?? '']));
}

async function clear(names) {
  const answers = await calls(names.map((name) => ['clearProcessLogs', name])).catch((error) => names.map(() => error));
  return new Map(names.map((name, i) => [name, answers[i] instanceof Error ? answers[i].message : '']));
}

/** Does it and shows what became of it: show(name, text, ok) for each program, a note for all. */
export async function act(verb, names, scope, show) {
  const info = (name) => processes.get(name)?.info;
  // What is in the wanted state already neither changes nor tells.
  if (scope.all || scope.group) {
    if (verb === 'start') names = names.filter((n) => isStopped(info(n)));
    if (verb === 'stop') names = names.filter((n) => !staysStopped(info(n)));
  }
  if (!names.length) return note('Nothing to do.');
  names.forEach((name) => show(name, '…', true));

  let results;
  if (verb === 'clear') {
    results = await clear(names);
  } else if (verb === 'restart') {
    const up = names.filter((n) => !isStopped(info(n)));
    results = up.length ? await change('stop', up, scope) : new Map();
    // One that would not stop is not started.
    const down = names.filter((n) => !results.get(n));
    for (const [name, result] of down.length ? await change('start', down, scope) : []) results.set(name, result);
  } else {
    results = await change(verb, names, scope);
  }

  const bad = [];
  for (const [name, result] of results) {
    const failed = result && !result.startsWith('(');
    if (failed) bad.push(`${name}: ${result}`);
    show(name, result || DONE[verb], !failed);
  }
  const good = results.size - bad.length;
  const what = names.length === 1 ? names[0] : `${good} of ${names.length}`;
  if (bad.length) note(`${names.length === 1 ? '' : `${what} ${DONE[verb]}, `}${bad.length} failed`, { bad: true, lines: bad.slice(0, 8) });
  else note(`${what} ${results.get(names[0]) || DONE[verb]}`);
}
