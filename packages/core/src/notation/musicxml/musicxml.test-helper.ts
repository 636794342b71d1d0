/** A note of a MusicXML text, ties joined: quarters are exact multiples of 1/divisions. */
export interface ReadNote {
  readonly part: string;
  /** Divisions from the start of the part. */
  readonly start: number;
  readonly duration: number;
  readonly pitch: number;
}

export interface ReadDocument {
  readonly divisions: number;
  readonly notes: readonly ReadNote[];
  /** Faults of structure: voices that do not fill their bar, ties without partner, tuplets or beams left open. */
  readonly faults: readonly string[];
}

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

const SEMITONES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const QUARTERS: Readonly<Record<string, number>> = {
  ...{ maxima: 32, long: 16, breve: 8, whole: 4, half: 2, quarter: 1, eighth: 1 / 2 },
  ...{ '16th': 1 / 4, '32nd': 1 / 8, '64th': 1 / 16, '128th': 1 / 32, '256th': 1 / 64, '512th': 1 / 128 },
};

/** A small reader for the tests: knows only what the schema says, nothing of how the writer works. */
export function readMusicXml(xml: string): ReadDocument {
  const root = parseXml(xml);
  const faults: string[] = [];
  const notes: ReadNote[] = [];
  let divisions = 1;
  for (const part of all(root, 'part')) {
    const id = part.attributes['id']!;
    const open = new Map<string, { start: number; pitch: number }>();
    let barStart = 0;
    for (const measure of all(part, 'measure')) {
      const place = `${id} bar ${measure.attributes['number']}`;
      let at = barStart;
      let end = barStart;
      let chordStart = at;
      const filled = new Map<string, number>();
      const tuplets = new Map<string, number>();
      const beams = new Map<string, number>();
      for (const node of measure.children) {
        if (node.name === 'attributes') divisions = Number(text(node, 'divisions') ?? divisions);
        if (node.name === 'backup') at -= Number(text(node, 'duration'));
        if (node.name !== 'note') continue;
        const duration = Number(text(node, 'duration'));
        if (!(duration > 0)) faults.push(`${place}: duration ${duration}`);
        const isChord = all(node, 'chord').length > 0;
        const voice = text(node, 'voice')!;
        if (!isChord) {
          chordStart = at;
          at += duration;
          filled.set(voice, (filled.get(voice) ?? 0) + duration);
        }
        end = Math.max(end, at);
        checkType(node, duration / divisions, place, faults);
        for (const tuplet of all(first(node, 'notations'), 'tuplet'))
          count(tuplets, voice, tuplet.attributes['type'] === 'start');
        for (const beam of all(node, 'beam'))
          if (beam.text === 'begin' || beam.text === 'end')
            count(beams, `${voice} ${beam.attributes['number']}`, beam.text === 'begin');
        const pitch = pitchOf(node);
        if (pitch === undefined) continue;
        const ties = all(node, 'tie').map((tie) => tie.attributes['type']);
        const key = (tick: number): string => `${pitch} ${tick}`;
        let held = { start: chordStart, pitch };
        if (ties.includes('stop')) {
          const before = open.get(key(chordStart));
          if (before) held = before;
          else faults.push(`${place}: a tie stops that did not start`);
          open.delete(key(chordStart));
        }
        if (ties.includes('start')) open.set(key(chordStart + duration), held);
        else notes.push({ part: id, start: held.start, duration: chordStart + duration - held.start, pitch });
      }
      for (const [voice, sum] of filled)
        if (sum !== end - barStart) faults.push(`${place}: voice ${voice} fills ${sum} of ${end - barStart}`);
      for (const [voice, balance] of tuplets)
        if (balance !== 0) faults.push(`${place}: voice ${voice} leaves a tuplet open`);
      for (const [voice, balance] of beams)
        if (balance !== 0) faults.push(`${place}: voice ${voice} leaves a beam open`);
      barStart = end;
    }
    if (open.size > 0) faults.push(`${id}: ${open.size} ties do not stop`);
  }
  return { divisions, notes, faults };
}

/** Elements of one name directly below a node. */
export function all(node: Node | undefined, name: string): Node[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

export function first(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, name) => all(at, name)[0], node);
}

/** Elements, attributes and text; entities of XML and decimal references are decoded. */
export function parseXml(xml: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  for (const [, close, name, attributes, empty, content] of xml.matchAll(
    /<(\/?)([a-z0-9-]+)((?:\s+[a-z-]+="[^"]*")*)\s*(\/?)>|([^<]+)|<[?!][^>]*>/g,
  )) {
    if (content !== undefined) stack.at(-1)!.text += decode(content);
    else if (name === undefined) continue;
    else if (close) {
      const ended = stack.pop()!;
      if (ended.name !== name) throw new Error(`</${name}> ends <${ended.name}>`);
    } else {
      const pairs = [...(attributes ?? '').matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key!,
        decode(value!),
      ]);
      const node: Node = {
        name,
        attributes: Object.fromEntries(pairs) as Record<string, string>,
        children: [],
        text: '',
      };
      stack.at(-1)!.children.push(node);
      if (!empty) stack.push(node);
    }
  }
  if (stack.length !== 1) throw new Error(`<${stack.at(-1)!.name}> is not ended`);
  return root.children[0]!;
}

function decode(value: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return value.replace(/&(?:#(\d+)|([a-z]+));/g, (_, code: string | undefined, name: string) =>
    code ? String.fromCodePoint(Number(code)) : names[name]!,
  );
}

function text(node: Node, name: string): string | undefined {
  return first(node, name)?.text;
}

/** The written value, dots and time modification must be the duration; only whole-bar rests have no type. */
function checkType(node: Node, quarters: number, place: string, faults: string[]): void {
  const type = text(node, 'type');
  if (type === undefined) {
    if (first(node, 'rest')?.attributes['measure'] !== 'yes') faults.push(`${place}: a note without type`);
    return;
  }
  const dots = all(node, 'dot').length;
  const modification = first(node, 'time-modification');
  const ratio = modification
    ? Number(text(modification, 'normal-notes')) / Number(text(modification, 'actual-notes'))
    : 1;
  const written = QUARTERS[type]! * (2 - 2 ** -dots) * ratio;
  if (Math.abs(written - quarters) > 1e-9)
    faults.push(`${place}: ${type} with ${dots} dots lasts ${quarters} quarters`);
}

function pitchOf(node: Node): number | undefined {
  const pitch = first(node, 'pitch');
  if (pitch) {
    const octave = Number(text(pitch, 'octave'));
    return 12 * (octave + 1) + SEMITONES[text(pitch, 'step')!]! + Number(text(pitch, 'alter') ?? 0);
  }
  const instrument = first(node, 'instrument')?.attributes['id'];
  return first(node, 'unpitched') && instrument ? Number(/\d+$/.exec(instrument)![0]) - 1 : undefined;
}

function count(balances: Map<string, number>, key: string, opens: boolean): void {
  balances.set(key, (balances.get(key) ?? 0) + (opens ? 1 : -1));
}
