import { en } from './en.ts';

/** The words of the app. Another language is another object of this shape. */
export type Strings = typeof en;
export const strings: Strings = en;
