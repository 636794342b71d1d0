import { AttuneError } from '@attune/core';
import { accessSync, constants, statSync, type Stats } from 'node:fs';
import path from 'node:path';

/**
 * Checks before the work that a file can be written there after it: its folder must be there. Throws `argument/invalid` with the option.
 */
export function requireWritableFile(option: string, file: string): void {
  if (statOf(file)?.isDirectory()) refuse(option, file, `${file} is a folder, and a file is to be written`);
  const folder = path.dirname(path.resolve(file));
  const stats = statOf(folder);
  if (!stats) refuse(option, file, `there is no folder ${folder}`);
  requireFolder(option, file, folder, stats);
}

/** The same for a folder, which is made with those above it where they are not there. */
export function requireWritableFolder(option: string, folder: string): void {
  let above = path.resolve(folder);
  const own = statOf(above);
  if (own) requireFolder(option, folder, above, own);
  // What is there is replaced by renaming, which the folder above it must allow.
  do above = path.dirname(above);
  while (!statOf(above) && above !== path.dirname(above));
  const stats = statOf(above);
  if (stats) requireFolder(option, folder, above, stats);
}

function requireFolder(option: string, target: string, folder: string, stats: Stats): void {
  if (!stats.isDirectory()) refuse(option, target, `${folder} is a file`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    refuse(option, target, `nothing may be written in ${folder}`);
  }
}

function statOf(name: string): Stats | undefined {
  try {
    return statSync(name, { throwIfNoEntry: false });
  } catch {
    return undefined; // a file stands where a folder should: the nearest thing above says so
  }
}

function refuse(option: string, target: string, why: string): never {
  throw new AttuneError('argument/invalid', `${option} ${target} cannot be written: ${why}.`, {
    option,
    path: target,
  });
}
