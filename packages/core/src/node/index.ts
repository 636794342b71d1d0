/**
 * The parts that touch files and the environment: data sets, backends, checkpoint folders, the shipped SoundFont.
 * @module @attune/core/node
 */
export {
  findDataDir,
  openDataSet,
  openDataSets,
  SHIPPABLE_SYMBOLIC_SETS,
  splitOf,
  styleOfRow,
} from './data-set.ts';
export type { DataItem, DataSet, Split } from './data-set.ts';
export { selectNodeBackend, wasmFolder } from './nn-backend.ts';
export type { SelectNodeBackendOptions } from './nn-backend.ts';
export { readCheckpointFolder, writeCheckpointFolder } from './checkpoint-folder.ts';
export { loadSoundFont, loadSoundFontLicence } from './sound-font.ts';
