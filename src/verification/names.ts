/** An SQL identifier, quoted (PostgreSQL manual, "Lexical Structure"). */
export const quoted = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;

/** A table's own name as the catalogue knows it: `public.orders`. */
export const qualifiedName = (name: string) => (name.includes('.') ? name : `public.${name}`);

/** A table as SQL writes it: `"public"."orders"`. Everything after the first dot belongs to the table. */
export function tableSql(name: string): string {
  const full = qualifiedName(name);
  const dot = full.indexOf('.');
  return `${quoted(full.slice(0, dot))}.${quoted(full.slice(dot + 1))}`;
}

/** `orders.customer_id`, `shop.orders.customer_id`: the last part is the column. */
export function columnOf(reference: string): { readonly table: string; readonly column: string } {
  const dot = reference.lastIndexOf('.');
  return { table: qualifiedName(reference.slice(0, dot)), column: reference.slice(dot + 1) };
}
