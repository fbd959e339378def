export type XmlValue = string | number | boolean | undefined | XmlObject | readonly XmlValue[];
export interface XmlObject {
  readonly [name: string]: XmlValue;
}

/** One element; an array repeats it, `undefined` leaves it out. */
export function toXml(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((one) => toXml(name, one)).join('');
  return `<${name}>${typeof value === 'object' ? children(value) : escapeXml(String(value))}</${name}>`;
}

export function children(value: XmlObject): string {
  return Object.entries(value)
    .map(([name, child]) => toXml(name, child))
    .join('');
}

/** A whole document; `content` is markup already. */
export function xmlDocument(root: string, content: string, namespace?: string): string {
  const attribute = namespace ? ` xmlns="${namespace}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${content}</${root}>`;
}

/** Escapes text for an element; control characters become references, as S3 writes them. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\p{Cc}]/gu, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}
