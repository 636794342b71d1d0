/** Lets timers, messages and abort signals through in the middle of long work. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
