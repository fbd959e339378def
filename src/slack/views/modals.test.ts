import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SnapshotPoint } from '../../domain/restore.ts';
import { latest, restoreModal } from './modals.ts';
import { after, points, production } from './plans.fixture.ts';

/** More than a menu offers. */
const many = Array.from({ length: 80 }, (_, at) => {
  const snapshotId = `shop-${String(at).padStart(2, '0')}`;
  return { ...points[0], snapshotId, arn: `arn:aws:rds:eu-west-1:123456789012:snapshot:${snapshotId}` };
}) as readonly SnapshotPoint[];

interface Choice {
  readonly value: string;
}
function menu(from?: string): { readonly initial?: string; readonly values: readonly string[] } {
  const carried = { channel: 'C1', environment: 'production', settings: production, points: many, now: after(0) };
  const { blocks } = restoreModal({ ...carried, ...(from === undefined ? {} : { typed: { from } }) }, 'en');
  const [element] = blocks.flatMap((block) => {
    const { block_id: id, element: one } = block as unknown as { block_id?: string; element?: object };
    return id === 'from' && one ? [one as { initial_option?: Choice; options: readonly Choice[] }] : [];
  });
  const initial = element?.initial_option?.value;
  return { ...(initial === undefined ? {} : { initial }), values: element?.options.map(({ value }) => value) ?? [] };
}

it('what was typed is what the menu of a restore begins with, whether the list has it or not, and never silently the newest', () => {
  const typed = fc.oneof(
    fc.constantFrom(...many.map(({ snapshotId }) => snapshotId), latest),
    fc.stringMatching(/^[a-z](-?[a-z0-9]){1,40}$/),
    fc.stringMatching(/^database\/[a-z0-9]{1,40}\.dump$/),
  );
  fc.assert(
    fc.property(typed, (from) => {
      const { initial, values } = menu(from);
      expect(initial).toBe(from);
      expect(values.length).toBeLessThanOrEqual(100);
    }),
  );
  expect(menu().initial).toBe(latest);
});

it('a snapshot may be named in any case and by its ARN: it is the same one', () => {
  const [, , one] = many;
  expect(menu(one?.snapshotId.toUpperCase()).initial).toBe(one?.snapshotId);
  expect(menu(one?.arn).initial).toBe(one?.snapshotId);
});
