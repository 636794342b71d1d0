// Starts the worker from its source, for tests: the app starts the compiled one.
import { register } from 'tsx/esm/api';

register();
await import('../worker/main.ts');
