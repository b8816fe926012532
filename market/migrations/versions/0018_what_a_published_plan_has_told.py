"""What everyone has been told of a published plan; how exact a share of its cost is; calendar feeds end with their membership"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('week_plans', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told', sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table('cost_shares', schema=None) as batch_op:
        batch_op.add_column(sa.Column('error_ore', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_check_constraint('exact_has_no_error', '(error_ore = 0) OR NOT is_exact')

    with op.batch_alter_table('cost_shares', schema=None) as batch_op:
        batch_op.alter_column('error_ore', server_default=None)

    _feeds_of_memberships(ondelete='CASCADE')


def _feeds_of_memberships(*, ondelete: str | None) -> None:
    with op.batch_alter_table('calendar_feeds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_calendar_feeds_membership_id'), type_='foreignkey')
        batch_op.create_foreign_key(
            batch_op.f('fk_calendar_feeds_membership_id'), 'memberships', ['membership_id'], ['id'], ondelete=ondelete
        )


def downgrade() -> None:
    _feeds_of_memberships(ondelete=None)
    with op.batch_alter_table('cost_shares', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_cost_shares_exact_has_no_error'), type_='check')
        batch_op.drop_column('error_ore')

    with op.batch_alter_table('week_plans', schema=None) as batch_op:
        batch_op.drop_column('told')
