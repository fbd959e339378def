#!/bin/sh
# What the runbook calls ./scripts/verify-database-integrity.sh: the shop's own check of its database, which libpq's
# variables (PGHOST, PGUSER …) point to. Exit code 0: sound. 1: not sound, and why.
set -eu

failed=0
check() { # name, query that counts what is wrong
  wrong=$(psql -XAtq -v ON_ERROR_STOP=1 -c "$2")
  echo "$1: $wrong"
  test "$wrong" = 0 || failed=1
}

check 'orders without a customer' \
  'SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = o.customer_id)'
check 'items without an order' \
  'SELECT count(*) FROM order_items i WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = i.order_id)'
check 'payments without an order' \
  'SELECT count(*) FROM payments p WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = p.order_id)'
check 'orders whose total is not the sum of their items' \
  'SELECT count(*) FROM orders o WHERE o.total <> (SELECT coalesce(sum(i.quantity * i.price), 0) FROM order_items i WHERE i.order_id = o.id)'
check 'constraints that were never validated' \
  'SELECT count(*) FROM pg_constraint WHERE NOT convalidated'
exit $failed
