"""Lines for the invoices issued before lines were, with what each charges; payment references; rounds of billing."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op
from stdnum import luhn

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None

ROUND = sa.Enum('months', 'dues', name='roundkind', native_enum=False, length=40)
REDUCED = 'Prisavdrag: '
OF_ORDER = {
    'share': """
        SELECT al.id, al.order_line_id, ol.number, ol.name, al.quantity, ol.unit_price AS price, a.delivered_at AS at
        FROM assignment_line al JOIN assignment a ON a.id = al.assignment_id JOIN order_line ol ON ol.id = al.order_line_id
        WHERE a.order_id = :order_id AND a.state = 'delivered' AND al.quantity > 0 ORDER BY al.id""",
    'complaint': """
        SELECT c.id, c.order_line_id, ol.number, ol.name, c.amount AS price, c.decided_at AS at
        FROM complaint c JOIN order_line ol ON ol.id = c.order_line_id
        WHERE ol.order_id = :order_id AND c.amount > 0 ORDER BY c.id""",
    'charge': """
        SELECT oc.id, oc.order_line_id, oc.name, oc.charged AS price, e.at
        FROM order_charge oc JOIN order_event e ON e.id = oc.event_id
        WHERE e.order_id = :order_id ORDER BY oc.id""",
}


def upgrade() -> None:
    with op.batch_alter_table('invoice') as batch_op:
        batch_op.add_column(sa.Column('ocr', sa.String(), nullable=True))
    with op.batch_alter_table('credit_due') as batch_op:
        batch_op.add_column(sa.Column('charge_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_credit_due_charge_id_order_charge', 'order_charge', ['charge_id'], ['id'])
        batch_op.create_index('ix_credit_due_charge_id', ['charge_id'])
    op.create_table(
        'billing_round',
        sa.Column('kind', ROUND, nullable=False),
        sa.Column('before', sa.Date(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('kind', 'before', name='pk_billing_round'),
    )
    _give_lines_to_invoices()
    _give_lines_to_dues()
    with op.batch_alter_table('invoice') as batch_op:
        batch_op.create_unique_constraint('uq_invoice_ocr', ['ocr'])


def downgrade() -> None:
    op.drop_table('billing_round')
    with op.batch_alter_table('credit_due') as batch_op:
        batch_op.drop_index('ix_credit_due_charge_id')
        batch_op.drop_constraint('fk_credit_due_charge_id_order_charge', type_='foreignkey')
        batch_op.drop_column('charge_id')
    with op.batch_alter_table('invoice') as batch_op:
        batch_op.drop_constraint('uq_invoice_ocr', type_='unique')
        batch_op.drop_column('ocr')


def _give_lines_to_invoices() -> None:
    """Each invoice so far was of one order. Its document tells what stands on it, in which order."""
    connection = op.get_bind()
    without = sa.text(
        'SELECT id, order_id, number, document FROM invoice WHERE order_id IS NOT NULL '
        'AND NOT EXISTS (SELECT 1 FROM invoice_line WHERE invoice_id = invoice.id) ORDER BY id'
    )
    for invoice_id, order_id, number, document in connection.execute(without).all():
        content = json.loads(document) if isinstance(document, str) else document
        lines = _lines(connection, invoice_id, order_id, content)
        if lines:
            connection.execute(_INSERT, lines)
        ocr = content.get('ocr') or _ocr(str(number))
        connection.execute(sa.text('UPDATE invoice SET ocr = :ocr WHERE id = :id'), {'ocr': ocr, 'id': invoice_id})


_INSERT = sa.text(
    'INSERT INTO invoice_line (invoice_id, place, order_id, order_line_id, net, assignment_line_id, complaint_id, '
    'charge_id) VALUES (:invoice_id, :place, :order_id, :order_line_id, :net, :share, :complaint, :charge)'
)


def _lines(connection: sa.Connection, invoice_id: int, order_id: int, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a document, each with the row from which it came."""
    left = {
        kind: [dict(row._mapping) for row in connection.execute(sa.text(query), {'order_id': order_id})]
        for kind, query in OF_ORDER.items()
    }
    return [
        {
            **dict.fromkeys(('share', 'complaint', 'charge', 'order_line_id')),
            **_source(line, left),
            'invoice_id': invoice_id,
            'place': place,
            'order_id': order_id,
            'net': _net(line),
        }
        for place, line in enumerate(content['lines'])
    ]


def _source(line: dict[str, Any], left: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Which row a line of a document came from: the first that is alike and that no line before it came from."""
    quantity, price = Decimal(line['quantity']), line['unit_price']
    if line['name'].startswith(REDUCED):
        name = line['name'].removeprefix(REDUCED)
        kind, like = 'complaint', (lambda row: row['name'] == name and row['price'] >= price)
    elif not line['number']:
        kind, like = 'charge', (lambda row: row['name'] == line['name'] and row['price'] == _net(line))
    else:
        kind, thousandths = 'share', int(quantity.scaleb(3))
        like = lambda row: (row['number'], row['quantity']) == (line['number'], thousandths)  # noqa: E731
    found = next((row for row in left[kind] if like(row) and row['price'] == price), None)
    found = found or next((row for row in left[kind] if like(row)), None)
    if found is None:
        return {}
    left[kind].remove(found)
    return {kind: found['id'], 'order_line_id': found['order_line_id']}


def _net(line: dict[str, Any]) -> int:
    """As the document counts it: price times quantity, rounded half away from nought."""
    exact = line['unit_price'] * Decimal(line['quantity']) / Decimal(line.get('per', '1'))
    return int(exact.quantize(Decimal(1), 'ROUND_HALF_UP'))


def _ocr(digits: str) -> str:
    base = f'{digits}{(len(digits) + 2) % 10}'
    return base + luhn.calc_check_digit(base)


def _give_lines_to_dues() -> None:
    """What is to be credited names the line of the article, and the return for which it is."""
    connection = op.get_bind()
    for enough in ('AND l.net >= credit_due.amount', ''):
        connection.execute(
            sa.text(
                'UPDATE credit_due SET line_id = (SELECT min(l.id) FROM invoice_line l WHERE l.invoice_id = '
                'credit_due.invoice_id AND l.order_line_id = credit_due.order_line_id '
                f'AND l.assignment_line_id IS NOT NULL {enough}) WHERE line_id IS NULL'
            )
        )
    connection.execute(
        sa.text(
            "UPDATE credit_due SET charge_id = (SELECT min(c.id) FROM order_charge c JOIN order_event e "
            "ON e.id = c.event_id WHERE c.kind = 'returned' AND c.order_line_id = credit_due.order_line_id "
            'AND c.charged = -credit_due.amount AND e.at = credit_due.at)'
        )
    )
