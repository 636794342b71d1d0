/**
 * The shipped classifiers, loaded from their folders, and classifying a file by its bytes.
 * @module @attune/classify/node
 */
export { classifyBytes, detectFileKind } from './classify-file.ts';
export type { FileKind } from './classify-file.ts';
export { loadShippedClassifiers, readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from './shipped.ts';
export type { Classifiers } from './shipped.ts';
