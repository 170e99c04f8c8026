/** A cell: text, or a number with this many digits after the point. */
export type Cell = string | number | undefined;

/** Lays out lines under a header, text to the left, numbers to the right; Markdown that reads as plain text. */
export function formatTable(
  header: readonly string[],
  lines: readonly (readonly Cell[])[],
): string {
  const texts = lines.map((line) => line.map(formatCell));
  const widths = header.map((title, column) =>
    Math.max(title.length, 3, ...texts.map((line) => line[column]?.length ?? 0)),
  );
  const isText = header.map((_, column) => lines.every((line) => typeof line[column] === 'string'));
  const layOut = (line: readonly string[]): string => {
    const cells = line.map((text, column) => {
      const width = widths[column] ?? 0;
      return isText[column] ? text.padEnd(width) : text.padStart(width);
    });
    return `| ${cells.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    isText[column] ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [layOut(header), `| ${rule.join(' | ')} |`, ...texts.map(layOut)].join('\n');
}

/** Three digits that count, thousands apart. */
function formatCell(cell: Cell): string {
  if (cell === undefined || Number.isNaN(cell)) return '–';
  if (typeof cell === 'string') return cell;
  const digits = Math.abs(cell) >= 100 ? 0 : Math.abs(cell) >= 10 ? 1 : 2;
  return cell.toLocaleString('en-US', {
    minimumFractionDigits: cell === 0 ? 0 : digits,
    maximumFractionDigits: digits,
  });
}
