import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [FROM, TO] = ['<!-- measured: written by the command above -->', '<!-- end of what is measured -->'];

/** Replaces what stands between the two markers of a page, so that the words around it stay; makes the page if it is not there. */
export function writeBetween(file: string, text: string, title: string): void {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [start, end] = [old.indexOf(FROM), old.indexOf(TO)];
  const measured = `${FROM}\n\n${text.trim()}\n\n${TO}`;
  const whole =
    start >= 0 && end > start
      ? `${old.slice(0, start)}${measured}${old.slice(end + TO.length)}`
      : `# ${title}\n\n${measured}\n`;
  writeFileSync(file, whole);
}
