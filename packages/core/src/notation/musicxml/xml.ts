/** An element with its attributes and children; `undefined` children are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly XmlElement[];
  readonly text: string | undefined;
}
type Child = XmlElement | string | number | undefined | readonly XmlElement[];

/** An element; text stands alone in it, numbers are written in decimal. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly Child[]
): XmlElement {
  const present = Object.entries(attributes).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  const texts = children.filter((child) => typeof child === 'string' || typeof child === 'number');
  return {
    name,
    attributes: Object.fromEntries(present),
    children: children.flatMap((child) => (typeof child === 'object' ? child : [])),
    text: texts.length > 0 ? texts.join('') : undefined,
  };
}

/** The element as indented XML 1.0 text with a newline at its end. */
export function toXml(root: XmlElement): string {
  const lines: string[] = [];
  write(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function write(node: XmlElement, indent: string, lines: string[]): void {
  const attributes = Object.entries(node.attributes).map(
    ([name, value]) => ` ${name}="${escapeXml(String(value))}"`,
  );
  const open = `${indent}<${node.name}${attributes.join('')}`;
  if (node.children.length === 0) {
    lines.push(node.text === undefined ? `${open}/>` : `${open}>${escapeXml(node.text)}</${node.name}>`);
    return;
  }
  lines.push(`${open}>`);
  for (const child of node.children) write(child, `${indent} `, lines);
  lines.push(`${indent}</${node.name}>`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Escapes markup; what XML 1.0 cannot hold (control characters, half surrogates) becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character]!)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
