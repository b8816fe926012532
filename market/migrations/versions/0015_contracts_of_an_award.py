"""Contracts of an award: their annex, their orders, what is announced"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

PRICED = ('order_lines', 'order_positions')
# Columns for rows that there may be, with what those get; the models have no defaults in the database.
DEFAULTS = (('dis', 'collects_notices'), ('dis_award_contracts', 'drop_reason'), ('dis_award_contracts', 'unplaced'))


def _price(old: tuple[str, str], new: tuple[str, str]) -> None:
    for table in PRICED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_{old[0]}'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_{new[0]}'), new[1])


ABOVE = ('price_above_zero', 'price > 0')
NOT_BELOW = ('price_not_below_zero', 'price >= 0')


def upgrade() -> None:
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.add_column(sa.Column('annex', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('not_before_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('dis', schema=None) as batch_op:
        batch_op.add_column(sa.Column('collects_notices', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('dis_award_contracts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('drop_reason', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('unplaced', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.create_check_constraint(
            op.f('ck_dis_award_contracts_agreed_or_dropped'), 'agreed_on IS NULL OR dropped_at IS NULL'
        )

    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreement_id', sa.Integer(), nullable=True))
        batch_op.create_index('ix_orders_agreement_id', ['agreement_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_orders_agreement_id'), 'agreements', ['agreement_id'], ['id'])

    for table, column in DEFAULTS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
    _price(ABOVE, NOT_BELOW)


def downgrade() -> None:
    for table in PRICED:  # what was tendered at nothing can not be said in the older tables
        op.execute(sa.text(f'UPDATE {table} SET price = 0.0001 WHERE price = 0'))
    _price(NOT_BELOW, ABOVE)

    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_orders_agreement_id'), type_='foreignkey')
        batch_op.drop_index('ix_orders_agreement_id')
        batch_op.drop_column('agreement_id')

    with op.batch_alter_table('dis_award_contracts', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_dis_award_contracts_agreed_or_dropped'), type_='check')
        batch_op.drop_column('unplaced')
        batch_op.drop_column('drop_reason')
        batch_op.drop_column('dropped_at')
        batch_op.drop_column('agreed_on')

    with op.batch_alter_table('dis', schema=None) as batch_op:
        batch_op.drop_column('collects_notices')

    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.drop_column('not_before_at')
        batch_op.drop_column('annex')
