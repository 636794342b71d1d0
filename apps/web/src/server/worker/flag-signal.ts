/**
 * An AbortSignal whose `aborted` is read from shared memory: a worker in the middle of a long computation gets no
 * messages, but sees the flag at its next look. Fires no events; `addEventListener` is accepted and never called.
 */
export function createFlagSignal(flag: SharedArrayBuffer): AbortSignal {
  const word = new Int32Array(flag);
  const signal = new AbortController().signal;
  const isSet = (): boolean => Atomics.load(word, 0) !== 0;
  Object.defineProperty(signal, 'aborted', { get: isSet });
  Object.defineProperty(signal, 'throwIfAborted', {
    value: () => {
      if (isSet()) throw new DOMException('The work was cancelled.', 'AbortError');
    },
  });
  return signal;
}
