import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { seeded } from "#seeded.ts";

/** A row of a sparse matrix: column numbers and the values there. */
export interface SparseRow {
  columns: number[];
  values: number[];
}

const OVERSAMPLED = 10; // more directions than asked for, so that the last ones asked for are true
const POWER_ROUNDS = 2; // sharpen the directions; text spectra fall slowly
const NEGLIGIBLE = 1e-6; // of the largest singular value: rounding, not meaning

/**
 * The strongest right singular vectors of a sparse matrix, by the randomised method of Halko, Martinsson and Tropp.
 * Returns one vector for each column of the matrix, as long as directions were found (at most `wanted`). Repeatable.
 */
export function rightSingularVectors(rows: SparseRow[], columns: number, wanted: number): Float64Array[] {
  const width = Math.min(wanted + OVERSAMPLED, rows.length, columns);
  const next = seededNormal(20_261_122);
  let probe = times(
    rows,
    Array.from({ length: columns }, () => Float64Array.from({ length: width }, next)),
    width,
  );
  for (let round = 0; round < POWER_ROUNDS; round++) {
    probe = times(rows, transposedTimes(rows, orthonormal(probe, width), columns, width), width);
  }
  // B = Qᵗ·A is small; its Gram matrix gives the singular values and, by Q·A's rows, the right vectors.
  const projected = transposedTimes(rows, orthonormal(probe, width), columns, width);
  const { values, vectors } = eigen(gram(projected, width), width);
  const kept = values
    .map((value, at) => ({ sigma: Math.sqrt(Math.max(value, 0)), at }))
    .sort((a, b) => b.sigma - a.sigma);
  const strong = kept.slice(0, wanted).filter(({ sigma }) => sigma > NEGLIGIBLE * (kept[0]?.sigma ?? 0));
  const scaled = vectors.to2DArray().map((row) => Float64Array.from(strong, ({ sigma, at }) => row[at]! / sigma));
  return projected.map((row) => {
    const sum = new Float64Array(strong.length);
    row.forEach((value, index) => {
      addScaled(sum, scaled[index]!, value);
    });
    return sum;
  });
}

/** Sparse rows times a dense matrix (given by its rows). */
function times(rows: SparseRow[], dense: Float64Array[], width: number): Float64Array[] {
  return rows.map(({ columns, values }) => {
    const sum = new Float64Array(width);
    columns.forEach((column, at) => {
      addScaled(sum, dense[column]!, values[at]!);
    });
    return sum;
  });
}

function transposedTimes(rows: SparseRow[], dense: Float64Array[], columns: number, width: number): Float64Array[] {
  const product = Array.from({ length: columns }, () => new Float64Array(width));
  rows.forEach((row, index) => {
    row.columns.forEach((column, at) => {
      addScaled(product[column]!, dense[index]!, row.values[at]!);
    });
  });
  return product;
}

function addScaled(sum: Float64Array, vector: Float64Array, factor: number): void {
  for (let index = 0; index < sum.length; index++) sum[index]! += vector[index]! * factor;
}

function gram(rows: Float64Array[], width: number): Matrix {
  const product = Array.from({ length: width }, () => new Float64Array(width));
  for (const row of rows) {
    row.forEach((value, index) => {
      addScaled(product[index]!, row, value);
    });
  }
  return new Matrix(product);
}

function eigen(matrix: Matrix, width: number): { values: number[]; vectors: Matrix } {
  if (width === 0) return { values: [], vectors: new Matrix(0, 0) };
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: found.realEigenvalues, vectors: found.eigenvectorMatrix };
}

/** Columns made orthonormal by modified Gram-Schmidt; a column that adds nothing becomes zero. */
function orthonormal(rows: Float64Array[], width: number): Float64Array[] {
  const columns = Array.from({ length: width }, (_, at) => Float64Array.from(rows, (row) => row[at]!));
  columns.forEach((column, at) => {
    const before = norm(column);
    for (const earlier of columns.slice(0, at)) addScaled(column, earlier, -dot(column, earlier));
    const length = norm(column);
    column.forEach((value, index) => {
      column[index] = length > before * 1e-10 ? value / length : 0;
    });
  });
  return rows.map((_, index) => Float64Array.from(columns, (column) => column[index]!));
}

const norm = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += one[index]! * other[index]!;
  return sum;
}

/** Normal numbers (Box-Muller over mulberry32), the same ones for the same seed: equal corpora make equal models. */
function seededNormal(seed: number): () => number {
  const uniform = seeded(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
