"""On what ground an application is refused; what an authority asks of a supplier"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

GROUND = (
    "decision_ground IN ('requirement', 'bankruptcy', 'taxes', 'crime', 'misconduct', 'declaration')"
)


def upgrade() -> None:
    op.create_table('dis_inquiries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dis_id', sa.Integer(), nullable=False),
    sa.Column('producer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('is_affirmed', sa.Boolean(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("is_affirmed IS NULL OR (kind = 'declaration' AND answered_at IS NOT NULL)", name=op.f('ck_dis_inquiries_affirmed_when')),
    sa.CheckConstraint("kind IN ('declaration', 'hearing')", name=op.f('ck_dis_inquiries_kind')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['users.id'], name=op.f('fk_dis_inquiries_answered_by_id')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_dis_inquiries_asked_by_id')),
    sa.ForeignKeyConstraint(['dis_id'], ['dis.id'], name=op.f('fk_dis_inquiries_dis_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_dis_inquiries_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dis_inquiries'))
    )
    with op.batch_alter_table('dis_inquiries', schema=None) as batch_op:
        batch_op.create_index('ix_dis_inquiries_dis_id', ['dis_id'], unique=False)
        batch_op.create_index('ix_dis_inquiries_producer_id', ['producer_id'], unique=False)

    with op.batch_alter_table('dis_applications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decision_ground', sa.String(32), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_dis_applications_decision_ground'), GROUND)



def downgrade() -> None:
    with op.batch_alter_table('dis_applications', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_dis_applications_decision_ground'), type_='check')
        batch_op.drop_column('decision_ground')

    with op.batch_alter_table('dis_inquiries', schema=None) as batch_op:
        batch_op.drop_index('ix_dis_inquiries_producer_id')
        batch_op.drop_index('ix_dis_inquiries_dis_id')

    op.drop_table('dis_inquiries')
