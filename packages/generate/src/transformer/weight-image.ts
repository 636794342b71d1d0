import type { Precision } from './decoder-weights.ts';

/** Where a matrix lies in the image, in bytes, and its padded sizes; see assembly/transformer/_plan.ts. */
export interface MatrixPlace {
  readonly at: number;
  /** Its row scales [rows] float32; of a float32 matrix: unused. */
  readonly scalesAt: number;
  readonly columns: number;
  readonly rows: number;
  /** Activations become whole numbers −limit … limit, so that no sum leaves int32. */
  readonly limit: number;
}

/** Rows whose columns lie together: as many as the kernels sum at a time. */
const ROW_GROUPS: Readonly<Record<Precision, number>> = { float32: 8, int8: 4 };
const FLOAT_COLUMNS = 4;
const WHOLE_COLUMNS = 16;
const LARGEST_WEIGHT = 127;
const LARGEST_ACTIVATION = 2 ** 15 - 1;

/** The bytes of all weights as the kernels want them; each part begins at a multiple of 16. */
export class WeightImage {
  private readonly parts: Uint8Array[] = [];
  private top = 0;

  /** Place of a copy in float32. */
  floats(values: ArrayLike<number>): number {
    return this.add(Float32Array.from(values));
  }

  /** Values [rows, columns] as they are. */
  rows(values: ArrayLike<number>, columns: number): MatrixPlace {
    return { at: this.floats(values), scalesAt: 0, columns, rows: values.length / columns, limit: 0 };
  }

  /** Values [inputs, outputs], turned, padded with zeros and interleaved: an output is a row, an input a column. */
  matrix(values: ArrayLike<number>, inputs: number, outputs: number, precision: Precision): MatrixPlace {
    const group = precision === 'int8' ? WHOLE_COLUMNS : FLOAT_COLUMNS;
    const together = ROW_GROUPS[precision];
    const columns = Math.ceil(inputs / group) * group;
    const rows = Math.ceil(outputs / together) * together;
    const packed = precision === 'int8' ? new Int8Array(rows * columns) : new Float32Array(rows * columns);
    const scales = precision === 'int8' ? rowScales(values, inputs, outputs, rows) : undefined;
    for (let r = 0; r < outputs; r++) {
      const first = (r - (r % together)) * columns + (r % together) * group;
      const scale = scales?.[r] ?? 1;
      for (let c = 0; c < inputs; c++) {
        const value = values[c * outputs + r]!;
        packed[first + (c - (c % group)) * together + (c % group)] =
          scales === undefined ? value : scale === 0 ? 0 : Math.round(value / scale);
      }
    }
    return {
      at: this.add(packed),
      scalesAt: scales ? this.add(scales) : 0,
      columns,
      rows,
      limit: Math.min(LARGEST_ACTIVATION, Math.floor((2 ** 31 - 1) / (LARGEST_WEIGHT * columns))),
    };
  }

  /** All parts together. */
  bytes(): Uint8Array {
    const image = new Uint8Array(this.top);
    let at = 0;
    for (const part of this.parts) {
      image.set(part, at);
      at = aligned(at + part.length);
    }
    return image;
  }

  private add(values: Float32Array | Int8Array): number {
    const at = this.top;
    this.parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.top = aligned(at + values.byteLength);
    return at;
  }
}

/** Largest |w| of each row, divided by 127; [rows]. */
function rowScales(values: ArrayLike<number>, inputs: number, outputs: number, rows: number): Float32Array {
  const scales = new Float32Array(rows);
  for (let c = 0; c < inputs; c++)
    for (let r = 0; r < outputs; r++) scales[r] = Math.max(scales[r]!, Math.abs(values[c * outputs + r]!));
  return scales.map((largest) => largest / LARGEST_WEIGHT);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
