export { classifyBytes, detectFileKind } from './classify-file.ts';
export type { FileKind } from './classify-file.ts';
export { loadShippedClassifiers, readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from './shipped.ts';
export type { Classifiers } from './shipped.ts';
