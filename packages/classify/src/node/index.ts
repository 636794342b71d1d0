/**
 * The shipped classifiers, loaded from their folders, and classifying a file by its bytes.
 * @module @attune/classify/node
 */
export { classifyBytes, detectFileKind } from './classify-file.ts';
export type { FileKind } from './classify-file.ts';
export { readLabelledFolder } from './labelled-folder.ts';
export type { LabelledFile, LabelledFolder, ReadFolderOptions } from './labelled-folder.ts';
export { joinTable, readFeatureTable, tableRow } from './feature-table.ts';
export type { FeatureTable, TableKey } from './feature-table.ts';
export { trainNetOnFolder, trainOnFolder } from './train-folder.ts';
export type { FolderTraining, TrainFolderOptions, TrainNetOptions } from './train-folder.ts';
export {
  loadClassifiers,
  loadDrumClassifier,
  loadShippedClassifiers,
  readModelFolder,
  SHIPPED_AUDIO,
  SHIPPED_DRUMS,
  SHIPPED_SYMBOLIC,
  shippedFolder,
} from './shipped.ts';
export type { Classifiers } from './shipped.ts';
