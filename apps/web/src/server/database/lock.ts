import fs from 'node:fs';
import path from 'node:path';

/**
 * Holds a folder for this process: the embedded database has no lock of its own, and two processes on one folder
 * would spoil it. The lock of a process that is gone is taken over. Returns the release.
 * @throws Error with one sentence where another process holds the folder.
 */
export function lockFolder(folder: string): () => void {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(/*turbopackIgnore: true*/ folder, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      return releaseOf(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder !== undefined && holder !== process.pid && isRunning(holder)) {
      throw new Error(
        `Another Attune (process ${holder}) is using the data folder ${folder}; stop it, or set ATTUNE_DATA_HOME to another folder.`,
      );
    }
    fs.rmSync(file, { force: true });
  }
  throw new Error(`The data folder ${folder} could not be locked; another process keeps taking it.`);
}

function releaseOf(file: string): () => void {
  const release = (): void => {
    if (readHolder(file) === process.pid) fs.rmSync(file, { force: true });
  };
  process.once('exit', release);
  return () => {
    process.off('exit', release);
    release();
  };
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Process numbers are used again: where the system tells, the process must also be a Node one. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return /node|next/i.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return true;
  }
}
