"""Who left a working group and how scoring ended"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

REMOVED = "(removed_at IS NULL) = (removal_reason = '')"
SUBMITS = 'submitted_at IS NULL OR is_scorer'


def upgrade() -> None:
    op.create_table('dis_scoring_closures',
    sa.Column('calloff_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['calloff_id'], ['dis_calloffs.id'], name=op.f('fk_dis_scoring_closures_calloff_id')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['users.id'], name=op.f('fk_dis_scoring_closures_closed_by_id')),
    sa.PrimaryKeyConstraint('calloff_id', name=op.f('pk_dis_scoring_closures'))
    )
    with op.batch_alter_table('dis_evaluators', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_scorer', sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('removal_reason', sa.Text(), nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_dis_evaluators_removed_with_reason'), REMOVED)
        batch_op.create_check_constraint(batch_op.f('ck_dis_evaluators_who_scores_submits'), SUBMITS)



def downgrade() -> None:
    with op.batch_alter_table('dis_evaluators', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_dis_evaluators_who_scores_submits'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_dis_evaluators_removed_with_reason'), type_='check')
        batch_op.drop_column('removal_reason')
        batch_op.drop_column('removed_at')
        batch_op.drop_column('is_scorer')

    op.drop_table('dis_scoring_closures')
