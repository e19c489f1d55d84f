"""How each seller stands to VAT, and how single articles divide their price between rates."""

import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None

STATUS = sa.Enum('registered', 'small', 'outside', name='vatstatus', native_enum=False, length=40)


def upgrade() -> None:
    with op.batch_alter_table('member') as batch_op:
        batch_op.add_column(sa.Column('vat_status', STATUS, nullable=False, server_default='registered'))
        batch_op.add_column(sa.Column('vat_since', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('vat_before', STATUS, nullable=False, server_default='registered'))
    op.create_table(
        'vat_division',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('article_id', sa.Integer(), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('shares', sa.JSON(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('set_by', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['article_id'], ['article.id'], name='fk_vat_division_article_id_article', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_vat_division'),
        sa.UniqueConstraint('article_id', 'valid_from', name='uq_vat_division_article_id_valid_from'),
    )


def downgrade() -> None:
    op.drop_table('vat_division')
    with op.batch_alter_table('member') as batch_op:
        for column in ('vat_before', 'vat_since', 'vat_status'):
            batch_op.drop_column(column)
