/** A note whose end may not have been read yet. */
export interface OpenNote {
  start: number;
  duration: number;
  pitch: number;
  velocity: number;
}

/**
 * Notes begun and not ended, first in, first out for each key: `channel << 7 | pitch`. Empty before and
 * after each track; the tracks of a file share it.
 */
export class SoundingNotes {
  private count = 0;
  /** [channel][pitch]: the oldest sounding note. */
  private readonly channels: (OpenNote | undefined)[][] = [];
  /** The notes behind the oldest: few files have any. */
  private readonly others = new Map<number, NoteQueue>();

  add(key: number, note: OpenNote): void {
    this.count++;
    const oldest = (this.channels[key >>> 7] ??= new Array<OpenNote | undefined>(128).fill(undefined));
    if (oldest[key & 0x7f] === undefined) oldest[key & 0x7f] = note;
    else this.queue(key, note);
  }

  /** False where no note of that channel and pitch sounds. */
  endOldest(key: number, tick: number): boolean {
    const oldest = this.channels[key >>> 7];
    if (oldest === undefined) return false;
    const note = oldest[key & 0x7f];
    if (note === undefined) return false;
    note.duration = tick - note.start;
    oldest[key & 0x7f] = this.others.size === 0 ? undefined : this.others.get(key)?.take();
    this.count--;
    return true;
  }

  /** Ends everything; returns how many notes were still sounding. */
  endAll(tick: number): number {
    const { count } = this;
    for (let key = 0; this.count > 0; key++) while (this.endOldest(key, tick));
    return count;
  }

  private queue(key: number, note: OpenNote): void {
    const queue = this.others.get(key);
    if (queue) queue.add(note);
    else this.others.set(key, new NoteQueue(note));
  }
}

class NoteQueue {
  private notes: OpenNote[];
  private taken = 0;

  constructor(first: OpenNote) {
    this.notes = [first];
  }

  add(note: OpenNote): void {
    this.notes.push(note);
  }

  take(): OpenNote | undefined {
    if (this.taken === this.notes.length) return undefined;
    const note = this.notes[this.taken++];
    if (this.taken === this.notes.length) {
      this.notes = [];
      this.taken = 0;
    }
    return note;
  }
}
