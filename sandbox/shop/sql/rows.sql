-- The same counts always give the same rows, but for the instants, which end at `shop.until`: chance is replaced by
-- hashes of the numbers.
INSERT INTO customers (id, email, full_name, country, marketing_consent, created_at)
SELECT i,
  'customer' || i || '@example.com',
  (ARRAY['Ada', 'Bo', 'Chen', 'Dora', 'Émile', 'Faye', 'Goro', 'Hana', 'Iris', 'José', '志明', '美玲'])[1 + i % 12]
    || ' ' || (ARRAY['Abel', 'Berg', 'Costa', 'Díaz', 'Eze', 'Fox', 'Grün', 'Hsu', 'Ito', 'Jansen', 'Kim'])[1 + i % 11],
  (ARRAY['DE', 'FR', 'TW', 'US', 'BR', 'JP', 'NG'])[1 + i % 7],
  i % 3 = 0,
  current_setting('shop.until')::timestamptz - interval '2 years' + i * interval '1 hour' / 10
FROM generate_series(1, current_setting('shop.customers')::int) AS i;

INSERT INTO products (id, sku, name, price, stock, attributes, updated_at)
SELECT i,
  'SKU-' || lpad(i::text, 6, '0'),
  (ARRAY['Lamp', 'Chair', 'Teapot', 'Rug', 'Desk', 'Mirror', 'Kettle', 'Shelf'])[1 + i % 8] || ' No. ' || i,
  (199 + (hashint4(i) & 65535) % 20000) / 100.0,
  50 + i % 400,
  jsonb_build_object('colour', (ARRAY['red', 'green', 'blue', 'oak'])[1 + i % 4], 'grams', 100 + i * 7 % 5000),
  current_setting('shop.until')::timestamptz - interval '30 days'
FROM generate_series(1, current_setting('shop.products')::int) AS i;

INSERT INTO order_items (order_id, line, product_id, quantity, price)
SELECT o, line, p.id, 1 + (hashint4(o + line) & 1023) % 3, p.price
FROM generate_series(1, current_setting('shop.orders')::int) AS o
CROSS JOIN LATERAL generate_series(1, 1 + (hashint4(o) & 1023) % 4) AS line
JOIN products p ON p.id = 1 + (hashint4(o * 31 + line) & 1048575) % current_setting('shop.products')::int;

INSERT INTO orders (id, number, customer_id, status, total, note, created_at)
SELECT o, 'EC-' || lpad(o::text, 9, '0'),
  1 + (hashint4(o::int) & 1048575) % current_setting('shop.customers')::int,
  CASE
    WHEN o % 50 = 0 THEN 'cancelled'
    WHEN o > current_setting('shop.orders')::int * 0.99 THEN 'paid'
    WHEN o > current_setting('shop.orders')::int * 0.95 THEN 'shipped'
    ELSE 'delivered'
  END::order_status,
  items.total,
  CASE WHEN o % 40 = 0 THEN 'Please ring twice: it''s the "blue" door' END,
  current_setting('shop.until')::timestamptz - interval '90 days' * (1 - o / current_setting('shop.orders')::float8)
FROM (SELECT order_id AS o, sum(price * quantity) AS total FROM order_items GROUP BY order_id) AS items
ORDER BY o;

INSERT INTO payments (order_id, amount, method, paid_at)
SELECT id, total, (ARRAY['card', 'transfer', 'wallet'])[1 + id::int % 3], created_at + interval '1 minute'
FROM orders WHERE status <> 'cancelled' ORDER BY id;

INSERT INTO carts (customer_id, product_id, quantity)
SELECT i, 1 + i % current_setting('shop.products')::int, 1 + i % 3
FROM generate_series(1, current_setting('shop.customers')::int, 20) AS i;
