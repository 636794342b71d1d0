/** Runs once when the server starts, before the first request. */
export async function register(): Promise<void> {
  // Next puts this value in place while building, so that other runtimes do not bundle the server.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('./server/start-server.ts');
  await startServer();
}
