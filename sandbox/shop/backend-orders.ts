import type pg from 'pg';

export interface PlacedOrder {
  readonly id: number;
  readonly items: number;
  readonly total: string;
}

/** One order of a random customer with 1 to 4 products, its items and its payment, in one transaction. */
export async function placeOrder(pool: pg.Pool): Promise<PlacedOrder> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // without a listener, a connection that is lost between two statements would end the process
  const lose = (error: Error) => {
    broken = error;
  };
  client.on('error', lose);
  try {
    await client.query('BEGIN');
    const order = await insertOrder(client);
    await client.query('COMMIT');
    return order;
  } catch (error) {
    await client.query('ROLLBACK').catch(lose);
    throw error;
  } finally {
    client.off('error', lose);
    client.release(broken);
  }
}

async function insertOrder(client: pg.PoolClient): Promise<PlacedOrder> {
  const customer = await client.query<{ id: string }>(
    `SELECT id FROM customers WHERE id >= (SELECT floor(random() * max(id))::bigint FROM customers) ORDER BY id LIMIT 1`,
  );
  const products = await client.query<{ id: string; price: string; quantity: number }>(
    `SELECT id, price, 1 + floor(random() * 3)::int AS quantity FROM products ORDER BY random() LIMIT $1`,
    [1 + Math.floor(Math.random() * 4)],
  );
  const { rows } = products;
  if (!customer.rows[0] || rows.length === 0) throw new Error('there is nothing to sell, or nobody to sell it to');
  const lines = [rows.map(({ id }) => id), rows.map(({ quantity }) => quantity), rows.map(({ price }) => price)];
  const order = await client.query<{ id: string; total: string }>(
    `INSERT INTO orders (customer_id, status, total)
     SELECT $1, 'paid', sum(quantity * price) FROM unnest($2::int[], $3::numeric[]) AS line (quantity, price)
     RETURNING id, total`,
    [customer.rows[0].id, ...lines.slice(1)],
  );
  const { id = '', total = '' } = order.rows[0] ?? {};
  await client.query(
    `INSERT INTO order_items (order_id, line, product_id, quantity, price)
     SELECT $1, line, product, quantity, price
     FROM unnest($2::bigint[], $3::int[], $4::numeric[]) WITH ORDINALITY AS item (product, quantity, price, line)`,
    [id, ...lines],
  );
  await client.query(`INSERT INTO payments (order_id, amount, method) VALUES ($1, $2, 'card')`, [id, total]);
  return { id: Number(id), items: rows.length, total };
}

/** An order with its items, undefined when there is none of this number. */
export async function findOrder(pool: pg.Pool, id: string): Promise<unknown> {
  const { rows } = await pool.query(
    `SELECT o.id::int, o.number, o.status, o.total, o.created_at AS "createdAt",
       (SELECT json_agg(json_build_object('product', i.product_id, 'quantity', i.quantity, 'price', i.price) ORDER BY i.line)
        FROM order_items i WHERE i.order_id = o.id) AS items
     FROM orders o WHERE o.id = $1`,
    [id],
  );
  return rows[0];
}
