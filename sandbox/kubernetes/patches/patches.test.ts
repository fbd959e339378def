import fc from 'fast-check';
import { compare, type Operation } from 'fast-json-patch';
import { describe, expect, test } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch, applyStrategicMergePatch } from './merge-patch.ts';

const documents = () =>
  fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.boolean()], withNullPrototype: false });

describe('JSON Patch', () => {
  test('turns any document into any other by the patch that another library finds between them', () => {
    fc.assert(
      fc.property(documents(), documents(), (from, to) => {
        fc.pre(!JSON.stringify([from, to]).includes('__proto__'));
        const wanted = JSON.parse(JSON.stringify(to)) as object;
        expect(applyJsonPatch(from, compare(from, wanted))).toEqual(wanted);
      }),
    );
  });

  test('never changes the document that it was given, not even where it fails half-way', () => {
    const document = { list: [1, 2], text: 'a' };
    const before = structuredClone(document);
    const patch: Operation[] = [
      { op: 'add', path: '/list/-', value: 3 },
      { op: 'remove', path: '/text' },
      { op: 'test', path: '/list/0', value: 9 },
    ];
    expect(() => applyJsonPatch(document, patch)).toThrow('the server rejected our request');
    expect(document).toEqual(before);
  });

  test('moves, copies and escapes', () => {
    const document = { 'a/b': { '~': 1 }, list: ['x'] };
    const patch: Operation[] = [
      { op: 'copy', from: '/a~1b/~0', path: '/list/0' },
      { op: 'move', from: '/list/1', path: '/last' },
    ];
    expect(applyJsonPatch(document, patch)).toEqual({ 'a/b': { '~': 1 }, list: [1], last: 'x' });
  });
});

describe('merge patch', () => {
  test('removes what is null and replaces lists whole', () => {
    const document = { keep: 1, gone: 2, deep: { a: 1, b: 2 }, list: [1, 2, 3] };
    const patch = { gone: null, deep: { a: null }, list: [4] };
    expect(applyMergePatch(document, patch)).toEqual({ keep: 1, deep: { b: 2 }, list: [4] });
  });
});

describe('strategic merge patch', () => {
  const document = {
    containers: [
      {
        name: 'main',
        image: 'a:1',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
      { name: 'side', image: 'b:1' },
    ],
  };

  test('merges lists of named things by name', () => {
    const patch = {
      containers: [
        {
          name: 'main',
          image: 'a:2',
          env: [
            { name: 'B', value: '3' },
            { name: 'C', value: '4' },
          ],
        },
      ],
    };
    expect(applyStrategicMergePatch(document, patch)).toEqual({
      containers: [
        {
          name: 'main',
          image: 'a:2',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '3' },
            { name: 'C', value: '4' },
          ],
        },
        { name: 'side', image: 'b:1' },
      ],
    });
  });

  test('deletes and replaces where it says so', () => {
    const deleting = { containers: [{ name: 'side', $patch: 'delete' }], $retainKeys: ['containers'] };
    expect(applyStrategicMergePatch({ ...document, other: 1 }, deleting)).toEqual({
      containers: [document.containers[0]],
    });
    const replacing = { containers: [{ $patch: 'replace' }, { name: 'only', image: 'c:1' }] };
    expect(applyStrategicMergePatch(document, replacing)).toEqual({ containers: [{ name: 'only', image: 'c:1' }] });
  });
});
