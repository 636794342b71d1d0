import {
  CLAP,
  CLOSED_HAT,
  KICK,
  OPEN_HAT,
  RIDE,
  RIM,
  SNARE,
  type ArrangedStyle,
  type StyleRules,
} from './style-rules.ts';

/** Patterns that arranging textbooks teach for each style, written for this project. */
export const STYLE_RULES: Readonly<Record<ArrangedStyle, StyleRules>> = {
  pop: {
    tempo: [84, 128],
    melody: [0, 4, 73, 65, 25],
    bass: [33, 32, 38],
    comping: [0, 25, 4, 2],
    pad: [48, 89, 50],
    bassPatterns: {
      16: [
        'R-------R-------',
        'R-----R-5-------',
        'R---..R-R---..5-',
        'R-----R-..R-5---',
        'R-R-R-R-R-R-R-R-',
      ],
      12: ['R-----------', 'R-------5---', 'R---5---5---'],
    },
    compingPatterns: {
      16: [
        'C---C---C---C---',
        'C-----C---C-----',
        'C-------C-------',
        '1-2-3-2-1-2-3-2-',
        '1-2-3-4-3-2-3-2-',
      ],
      12: ['....C---C---', '1-2-3-4-3-2-', 'C-----------'],
    },
    padChance: 0.3,
    anticipation: 0.15,
    beats: [
      { [KICK]: 'x.......x.x.....', [SNARE]: '....X.......X...', [CLOSED_HAT]: 'x.o.x.o.x.o.x.o.' },
      { [KICK]: 'x.....x.x.......', [SNARE]: '....X.......X...', [CLOSED_HAT]: 'x.x.x.x.x.x.x.x.' },
    ],
    drummers: ['pop', 'soul', 'country'],
  },
  rock: {
    tempo: [108, 160],
    melody: [29, 30, 27, 81],
    bass: [34, 33],
    comping: [30, 29, 27],
    pad: [18, 16, 48],
    bassPatterns: {
      16: [
        'R-R-R-R-R-R-R-R-',
        'R---R-R-R---R-R-',
        'R-R-..R-R-R-..5-',
        'R-------R---5---',
        'R-R-8-R-R-R-8-R-',
      ],
    },
    compingPatterns: {
      16: [
        'P-P-P-P-P-P-P-P-',
        'P---..P-P---..P-',
        'P-------P-------',
        'P-..P-..P-P-..P-',
        'C---C-C-..C-C---',
      ],
    },
    padChance: 0.15,
    anticipation: 0.15,
    beats: [
      { [KICK]: 'x.......x.x.....', [SNARE]: '....X.......X...', [CLOSED_HAT]: 'X.x.X.x.X.x.X.x.' },
      { [KICK]: 'x..x....x.......', [SNARE]: '....X.......X..o', [OPEN_HAT]: 'x...x...x...x...' },
    ],
    drummers: ['rock', 'punk'],
  },
  jazz: {
    tempo: [110, 210],
    melody: [65, 66, 56, 11, 0],
    bass: [32],
    comping: [0, 26, 11],
    pad: [16, 48],
    bassPatterns: {
      16: [
        'R---3---5---a---',
        'R---5---3---a---',
        'R---8---5---a---',
        'R---3---7---a---',
        'R-------5-----a-',
      ],
      12: ['R---5---a---', 'R---3---a---', 'R-------5---'],
    },
    compingPatterns: {
      16: [
        'C-----s.........',
        '......s.......s.',
        '..s...s.........',
        'C-........C-....',
        '....s.......s...',
      ],
      12: ['....s.....s.', 'C-....s.....', '....C---....'],
    },
    padChance: 0.1,
    anticipation: 0.35,
    swings: true,
    beats: [
      {
        [RIDE]: 'x...x..xx...x..x',
        [44]: '....x.......x...',
        [KICK]: 'o...o...o...o...',
        [SNARE]: '.......o......o.',
      },
      { [RIDE]: 'x...x..xx...x..x', [44]: '....x.......x...', [SNARE]: '......o.........' },
    ],
    drummers: ['jazz', 'neworleans'],
  },
  latin: {
    tempo: [104, 148],
    melody: [73, 56, 24, 11],
    bass: [32, 33],
    comping: [24, 0, 11],
    pad: [48, 52],
    bassPatterns: {
      16: ['R-----5-5-----R-', 'R-----5-R-----5-', '......5-....8---', 'R--5---R5--R---5'],
    },
    compingPatterns: {
      16: [
        'C-..C-..C..C..C.',
        'C.C..C.C.C..C.C.',
        '..C-..C-..C-..C-',
        '1.3.2.3.1.3.2.3.',
        'C..C..C...C.C...',
      ],
    },
    padChance: 0.25,
    anticipation: 0.3,
    beats: [
      { [KICK]: 'x.....xx......x.', [RIM]: 'x..x..x...x..x..', [CLOSED_HAT]: 'x.xxx.xxx.xxx.xx' },
      { [KICK]: 'x...x...x...x...', [RIM]: '..x.x...x..x..x.', [CLOSED_HAT]: 'xxxxxxxxxxxxxxxx' },
    ],
    drummers: ['latin', 'afrocuban', 'afrobeat'],
  },
  funk: {
    tempo: [88, 116],
    melody: [65, 66, 61, 4],
    bass: [36, 37, 33],
    comping: [27, 4, 7],
    pad: [18, 61],
    bassPatterns: {
      16: [
        'R-.R..8.R-.5.7R.',
        'R..R..R...5.7.8.',
        'R-....8.R.R...7.',
        'R.R...R.5..57.a.',
        'R-..8..R..R.5.7.',
      ],
    },
    compingPatterns: {
      16: [
        '..s.s..s..s.s.s.',
        '....s..s....s..s',
        '..ss..s...ss..s.',
        's..s..s...s.s...',
        '....s.......s.s.',
      ],
    },
    padChance: 0.2,
    anticipation: 0.3,
    beats: [
      { [KICK]: 'x..x......x..x..', [SNARE]: '....X..o.o..X..o', [CLOSED_HAT]: 'xoxoxoxoxoxoxoxo' },
      { [KICK]: 'x.x.......x.....', [SNARE]: '....X..o.o.oX...', [CLOSED_HAT]: 'x.x.x.x.x.x.x.x.' },
    ],
    drummers: ['funk', 'soul', 'hiphop'],
  },
  electronic: {
    tempo: [118, 132],
    melody: [80, 81, 84, 87],
    bass: [38, 39, 87],
    comping: [81, 88, 90, 62],
    pad: [89, 90, 95, 50],
    bassPatterns: {
      16: [
        '..R-..R-..R-..R-',
        'RRRRRRRRRRRRRRRR',
        'R..R..R.R..R..R.',
        '.RRR.RRR.RRR.RRR',
        'R-R-R-8-R-R-R-8-',
      ],
    },
    compingPatterns: {
      16: [
        '1234123412341234',
        '1.3.2.4.1.3.2.4.',
        '..s...s...s...s.',
        's..s..s.s..s..s.',
        '4321432143214321',
      ],
    },
    padChance: 0.7,
    anticipation: 0.1,
    beats: [
      {
        [KICK]: 'X...X...X...X...',
        [CLAP]: '....X.......X...',
        [OPEN_HAT]: '..x...x...x...x.',
        [CLOSED_HAT]: 'x.o.x.o.x.o.x.o.',
      },
      { [KICK]: 'X...X...X...X..x', [SNARE]: '....X.......X...', [CLOSED_HAT]: 'xxxxxxxxxxxxxxxx' },
    ],
    drummers: ['dance'],
  },
};
