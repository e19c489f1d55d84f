"""Printed catalogues with the prices of one price list."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('catalogue_print') as table:
        table.add_column(sa.Column('price_list_id', sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f('fk_catalogue_print_price_list_id_price_list'), 'price_list', ['price_list_id'], ['id']
        )
        table.create_index(op.f('ix_catalogue_print_price_list_id'), ['price_list_id'])


def downgrade() -> None:
    with op.batch_alter_table('catalogue_print') as table:
        table.drop_index(op.f('ix_catalogue_print_price_list_id'))
        table.drop_constraint(op.f('fk_catalogue_print_price_list_id_price_list'), type_='foreignkey')
        table.drop_column('price_list_id')
