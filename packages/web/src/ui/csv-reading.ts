/**
 * The rows of a CSV as spreadsheets write it (RFC 4180): quoted cells may hold separators and line ends, a byte order mark is skipped, and semicolons
 * or tabs separate where the first line has more of them than commas. Empty lines are left out; each row knows the line that it begins on.
 */
export function readCsv(
  text: string,
): readonly { readonly line: number; readonly cells: readonly string[] }[] {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source.slice(0, /\r|\n|$/.exec(source)?.index ?? 0));
  const rows: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let began = 1;
  const endRow = (): void => {
    cells.push(cell.trim());
    if (cells.some((one) => one !== '')) rows.push({ line: began, cells });
    cells = [];
    cell = '';
  };
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at] ?? '';
    if (sign === '\n') line += 1;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (sign === separator) {
      cells.push(cell.trim());
      cell = '';
    } else if (sign === '\n') {
      endRow();
      began = line;
    } else if (sign !== '\r') cell += sign;
  }
  endRow();
  return rows;
}

function separatorOf(firstLine: string): string {
  const most = [',', ';', '\t'].map((sign) => ({ sign, count: firstLine.split(sign).length }));
  return most.reduce((best, one) => (one.count > best.count ? one : best)).sign;
}
