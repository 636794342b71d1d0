import { account } from './en/account.ts';
import { admin } from './en/admin.ts';
import { composing } from './en/composing.ts';
import { frame } from './en/frame.ts';
import { library } from './en/library.ts';
import { listening } from './en/listening.ts';

/**
 * Every word the app shows, in English. Values are texts, or functions of what varies. Words are the listener's:
 * "slow and minor", never the name of a feature.
 */
export const en = { ...frame, ...listening, ...composing, ...library, ...admin, ...account };
