import { sumRows } from './_lanes';
import {
  caches,
  entries,
  heads,
  layers,
  mixed,
  projected,
  query,
  scores,
  turns,
  width,
  window,
} from './_plan';
import { softmax } from './_softmax';

/**
 * Turns query and key of entry `b`, stores key and value at its place, and mixes the values seen so far. A row of
 * `projected` is [first halves of queries, of keys | second halves of queries, of keys | values], each [H, …].
 */
export function attend(layer: i32, b: i32): void {
  const entry = entries + ((<usize>b) << 4);
  const lane = load<i32>(entry);
  const at = load<i32>(entry, 4);
  const size = width / heads;
  const pairs = size >> 1;
  const headBytes = (<usize>size) << 2;
  const head = <usize>window * headBytes;
  const keys = caches + <usize>((lane * layers + layer) * 2 * heads) * head;
  const values = keys + <usize>heads * head;
  const row = projected + <usize>b * (<usize>width * 12);
  const cosines = turns + ((<usize>(b * size)) << 3);
  const scale: f64 = 1 / Math.sqrt(<f64>size);
  const place = <usize>at * headBytes;
  for (let h = 0; h < heads; h++) {
    const ownKeys = keys + <usize>h * head;
    turnPairs(row + ((<usize>(h * pairs)) << 2), cosines, ownKeys + place, pairs, scale);
    memory.copy(
      values + <usize>h * head + place,
      row + ((<usize>width) << 3) + <usize>h * headBytes,
      headBytes,
    );
    score(ownKeys, at + 1, headBytes);
    softmax(scores, at + 1);
    mix(
      values + <usize>h * head,
      mixed + <usize>b * ((<usize>width) << 2) + <usize>h * headBytes,
      at + 1,
      headBytes,
    );
  }
}

/** Queries, scaled, to `query`; keys to `key`: [first halves, second halves]. */
function turnPairs(from: usize, cosines: usize, key: usize, pairs: i32, scale: f64): void {
  const second = (<usize>width) << 2;
  const keysFrom = from + (second >> 1);
  const half = (<usize>pairs) << 2;
  const sines = cosines + ((<usize>pairs) << 3);
  for (let p: usize = 0; p < half; p += 4) {
    const c = load<f64>(cosines + (p << 1));
    const s = load<f64>(sines + (p << 1));
    const q1 = <f64>load<f32>(from + p);
    const q2 = <f64>load<f32>(from + second + p);
    store<f32>(query + p, <f32>((q1 * c - q2 * s) * scale));
    store<f32>(query + half + p, <f32>((q1 * s + q2 * c) * scale));
    const k1 = <f64>load<f32>(keysFrom + p);
    const k2 = <f64>load<f32>(keysFrom + second + p);
    store<f32>(key + p, <f32>(k1 * c - k2 * s));
    store<f32>(key + half + p, <f32>(k1 * s + k2 * c));
  }
}

/** Products of the query with `count` keys, four at a time: up to three more are read and written. */
function score(keys: usize, count: i32, bytes: usize): void {
  const end = scores + ((<usize>count) << 2);
  for (let to = scores; to < end; to += 16, keys += bytes << 2) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let i: usize = 0; i < bytes; i += 16) {
      const q = v128.load(query + i);
      const k = keys + i;
      a = f32x4.add(a, f32x4.mul(v128.load(k), q));
      b = f32x4.add(b, f32x4.mul(v128.load(k + bytes), q));
      c = f32x4.add(c, f32x4.mul(v128.load(k + 2 * bytes), q));
      d = f32x4.add(d, f32x4.mul(v128.load(k + 3 * bytes), q));
    }
    v128.store(to, sumRows(a, b, c, d));
  }
}

/** out = Σ_t share[t] value[t], from the first to the last; 16 columns at a time, then four. */
function mix(values: usize, out: usize, count: i32, bytes: usize): void {
  const end = scores + ((<usize>count) << 2);
  let column: usize = 0;
  for (; column + 64 <= bytes; column += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let v = values + column;
    for (let t = scores; t < end; t += 4, v += bytes) {
      const share = v128.load32_splat(t);
      a = f32x4.add(a, f32x4.mul(share, v128.load(v)));
      b = f32x4.add(b, f32x4.mul(share, v128.load(v, 16)));
      c = f32x4.add(c, f32x4.mul(share, v128.load(v, 32)));
      d = f32x4.add(d, f32x4.mul(share, v128.load(v, 48)));
    }
    v128.store(out + column, a);
    v128.store(out + column, b, 16);
    v128.store(out + column, c, 32);
    v128.store(out + column, d, 48);
  }
  for (; column < bytes; column += 16) {
    let a = f32x4.splat(0);
    let v = values + column;
    for (let t = scores; t < end; t += 4, v += bytes) {
      a = f32x4.add(a, f32x4.mul(v128.load32_splat(t), v128.load(v)));
    }
    v128.store(out + column, a);
  }
}
