import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** The secret that signs sessions: drawn at the first start and kept, readable by its owner only. */
export function loadSecret(folder: string): string {
  const file = path.join(/*turbopackIgnore: true*/ folder, 'secret');
  fs.mkdirSync(folder, { recursive: true });
  try {
    fs.writeFileSync(file, crypto.randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return fs.readFileSync(file, 'utf8').trim();
}
