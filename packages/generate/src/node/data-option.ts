import { AttuneError } from '@attune/core';
import { findDataDir } from '@attune/core/node';

/** The folder of the data sets: the option, else `ATTUNE_DATA_DIR` or ../shared/data. Throws `dataset/missing`. */
export function requireDataDir(option: string | undefined): string {
  const folder = option ?? findDataDir();
  if (folder !== undefined) return folder;
  throw new AttuneError(
    'dataset/missing',
    'No data sets were found: name their folder with --data or ATTUNE_DATA_DIR.',
  );
}
