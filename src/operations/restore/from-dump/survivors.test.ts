import { expect, test } from 'vitest';
import { survivors } from './survivors.ts';

const table = (name: string, kind = 'TABLE', schema = 'public') => ({ kind, schema, name });
const entries = [
  'TABLE public orders shop_app',
  'TABLE public two words shop_app',
  'VIEW public open_orders shop_app',
  'FUNCTION public total(integer, integer) shop_app',
  'TABLE DATA public orders shop_app',
];

test('what the dump does not have survives, and nothing that it has is said to', () => {
  const live = [
    table('orders'),
    table('two words'),
    table('order'),
    table('orders', 'TABLE', 'archive'),
    table('open_orders', 'VIEW'),
    table('total', 'FUNCTION'),
    table('tot', 'FUNCTION'),
  ];
  expect(survivors(live, entries)).toEqual(['table public.order', 'table archive.orders', 'function public.tot']);
});

test('of several functions of one name none is told twice', () => {
  expect(survivors([table('f', 'FUNCTION'), table('f', 'FUNCTION')], [])).toEqual(['function public.f']);
});
