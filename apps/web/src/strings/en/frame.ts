import type { Style } from '@attune/core/style';
import { count } from './count.ts';

/** What stands on every page, and words that several pages use. */
export const frame = {
  app: {
    name: 'Attune',
    description:
      'Music made for one listener: rate tracks, get recommendations, and have new pieces composed for you.',
  },

  common: {
    close: 'Close',
    cancel: 'Cancel',
    retry: 'Try again',
    loading: 'Loading',
    undo: 'Undo',
    more: 'Show more',
    saving: 'Saving …',
    optional: 'optional',
    offline: 'You are offline. What is loaded keeps playing; changes need a connection.',
    failed: 'That did not work. Check your connection and try again.',
    unknownStyle: 'style unclear',
    tracks: (n: number) => count(n, 'track', 'tracks'),
    ratings: (n: number) => count(n, 'rating', 'ratings'),
    bars: (n: number) => count(n, 'bar', 'bars'),
    openTrack: (title: string) => `Open ${title}`,
    you: 'yours',
    details: 'The numbers',
  },

  nav: {
    label: 'Main',
    skip: 'Skip to content',
    discover: 'Discover',
    forYou: 'For you',
    studio: 'Studio',
    library: 'Library',
    search: 'Search',
    taste: 'Taste',
    admin: 'Admin',
    account: 'Account',
    theme: { label: 'Theme', light: 'Light theme', dark: 'Dark theme', system: 'Theme of the system' },
    shortcuts: 'Keyboard shortcuts',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    enabled: 'Use keyboard shortcuts',
    groups: {
      play: 'Playing',
      rate: 'Rating what plays',
      other: 'Other',
    },
    keys: {
      toggle: ['Space', 'Play or pause'],
      seekBack: ['←', 'Back 5 seconds'],
      seekForward: ['→', 'Forward 5 seconds'],
      previous: ['Shift ←', 'Previous track'],
      next: ['Shift →', 'Next track'],
      stars: ['1 – 5', 'Stars'],
      skip: ['S', 'Skip'],
      notForMe: ['N', 'Not for me'],
      moreLikeThis: ['L', 'More like this'],
      undo: ['U', 'Undo the last rating'],
      help: ['?', 'This list'],
    },
    note: 'In the admin table the keys 1 – 9 and letters set labels instead, and 0 goes to the field where a label is typed.',
  },

  errors: {
    notFoundTitle: 'This page does not exist',
    notFoundHint: 'The address may be mistyped, or the page was moved.',
    home: 'Go to Discover',
    brokenTitle: 'This page broke',
    brokenHint: 'The music keeps playing. Try again; if it stays broken, reload.',
  },

  words: {
    slow: 'slow',
    moderate: 'moderate',
    lively: 'lively',
    fast: 'fast',
    major: 'major',
    minor: 'minor',
  },

  styles: {
    'art-song': 'Art song',
    baroque: 'Baroque',
    classical: 'Classical',
    'drums-funk': 'Funk drums',
    'drums-jazz': 'Jazz drums',
    'drums-latin': 'Latin drums',
    'drums-rock': 'Rock drums',
    folk: 'Folk',
    game: 'Game',
    hymn: 'Hymn',
    march: 'March',
    ragtime: 'Ragtime',
    renaissance: 'Renaissance',
    romantic: 'Romantic',
    standards: 'Standards',
    'string-quartet': 'String quartet',
    pop: 'Pop',
    rock: 'Rock',
    jazz: 'Jazz',
    latin: 'Latin',
    funk: 'Funk',
    electronic: 'Electronic',
  } satisfies Readonly<Record<Style, string>> as Readonly<Record<string, string>>,

  modelOf: (kind: string, version: string) => `${kind}, ${version}`,
};
