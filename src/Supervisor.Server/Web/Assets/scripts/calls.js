// Calls of the JSON interface. The page's address may have a proxy's prefix, so all are relative to it.

let namespace = 'supervisor';

/** What [rpcinterface:x] calls the methods. */
export function useNamespace(name) {
  namespace = name;
}

export class Fault extends Error {
  constructor(error) {
    super(error.message);
    this.code = error.code;
  }
}

async function post(path, body) {
  const reply = await fetch(`api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await reply.json().catch(() => ({ error: { message: `HTTP ${reply.status}` } }));
  if (answer.error) throw new Fault(answer.error);
  return answer.result;
}

export const call = (method, parameters) => post(`${namespace}/${method}`, parameters);

/** Many calls in one request: [[method, ...arguments], ...]; answers are values or Faults. */
export async function calls(list) {
  const answers = await post('system/multicall', {
    calls: list.map(([method, ...params]) => ({ methodName: `${namespace}.${method}`, params })),
  });
  return answers.map((a) => (a && a.faultCode ? new Fault({ code: a.faultCode, message: a.faultString }) : a));
}
