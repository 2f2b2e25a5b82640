/** One row of a file: what it says by column, without the columns of which it says nothing, and the line that it begins in. */
export interface FileRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** What a kind of file holds. */
export interface FileShape {
  readonly columns: readonly string[];
  /** Those that can not be left out. */
  readonly needed: readonly string[];
  /** How many rows are taken at once; unless said, what every import takes. */
  readonly atMost?: number;
  /**
   * For tables that were made for something else: what they call the columns, in lower case. Columns that nobody knows are passed over,
   * and so is what stands above the head.
   */
  readonly aliases?: ReadonlyMap<string, string>;
}

/** What a column is called here; null for one that is passed over. Columns that nobody knows, where these are refused, keep their names. */
export function columnOf(title: string, shape: FileShape): string | null {
  const bare = title.trim().replaceAll(/^"|"$/g, '').trim().replaceAll(/\s+/g, ' ').toLowerCase();
  if (shape.aliases === undefined) return bare;
  return shape.aliases.get(bare) ?? (shape.columns.includes(bare) ? bare : null);
}

/** What is wrong with a file, and where; the line is null where it is wrong as a whole. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly line: number | null;
  constructor(message: string, line: number | null) {
    super(message);
    this.line = line;
  }
}
