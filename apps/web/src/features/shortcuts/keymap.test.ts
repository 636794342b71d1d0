import { describe, expect, it } from 'vitest';
import { commandOf, focusedOf, starsOf, type Focused, type KeyPress } from './keymap.ts';

const press = (key: string, extra: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...extra,
});
const nothing: Focused = { types: false, presses: false, moves: false };

describe('commandOf', () => {
  it.each([
    ['1', 'rate-1'],
    ['5', 'rate-5'],
    ['s', 'skip'],
    ['S', 'skip'],
    ['n', 'not-for-me'],
    ['l', 'more-like-this'],
    ['u', 'undo'],
    [' ', 'toggle'],
    ['ArrowLeft', 'seek-back'],
    ['ArrowRight', 'seek-forward'],
  ])('%j asks for %s', (key, command) => {
    expect(commandOf(press(key), nothing)).toBe(command);
  });

  it('reads the shifted question mark and shifted arrows', () => {
    expect(commandOf(press('?', { shiftKey: true }), nothing)).toBe('help');
    expect(commandOf(press('ArrowRight', { shiftKey: true }), nothing)).toBe('next');
    expect(commandOf(press('ArrowLeft', { shiftKey: true }), nothing)).toBe('previous');
  });

  it('leaves 6, 0 and other letters alone', () => {
    for (const key of ['0', '6', 'x', 'Enter', 'Tab', 'Escape', 'ArrowUp']) {
      expect(commandOf(press(key), nothing)).toBeNull();
    }
  });

  it('leaves the keys of the browser and of the system alone', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'] as const) {
      expect(commandOf(press('s', { [modifier]: true }), nothing)).toBeNull();
      expect(commandOf(press('ArrowLeft', { [modifier]: true }), nothing)).toBeNull();
    }
  });

  it('never takes a key from someone who is typing', () => {
    const field = focusedOf({ tagName: 'INPUT', type: 'search' });
    for (const key of ['1', 's', ' ', 'ArrowLeft', '?']) expect(commandOf(press(key), field)).toBeNull();
  });

  it('leaves Space to a focused button but still rates there', () => {
    const button = focusedOf({ tagName: 'BUTTON' });
    expect(commandOf(press(' '), button)).toBeNull();
    expect(commandOf(press('4'), button)).toBe('rate-4');
  });

  it('leaves arrows to a slider but Space still plays', () => {
    const slider = focusedOf({ tagName: 'INPUT', type: 'range' });
    expect(commandOf(press('ArrowRight'), slider)).toBeNull();
    expect(commandOf(press(' '), slider)).toBe('toggle');
  });
});

describe('starsOf', () => {
  it('reads the number of stars', () => {
    expect(starsOf('rate-3')).toBe(3);
    expect(starsOf('skip')).toBeNull();
  });
});
