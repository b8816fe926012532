"""Reports over long times find grades and arrivals in indexes"""

from __future__ import annotations

from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

LINES = ['authority_id', 'month', 'kitchen_id', 'category_key', 'producer_id', 'delivery_line_id']


def upgrade() -> None:
    op.create_index('ix_delivered_lines_authority_id_month', 'delivered_lines', LINES)
    op.drop_index('ix_delivered_arrivals_authority_id_arrived_on', 'delivered_arrivals')
    op.create_index(
        'ix_delivered_arrivals_authority_id_month', 'delivered_arrivals', ['authority_id', 'month', 'kitchen_id', 'week']
    )
    op.create_index(
        'ix_delivered_arrivals_authority_id_week', 'delivered_arrivals', ['authority_id', 'week', 'kitchen_id']
    )


def downgrade() -> None:
    op.drop_index('ix_delivered_arrivals_authority_id_week', 'delivered_arrivals')
    op.drop_index('ix_delivered_arrivals_authority_id_month', 'delivered_arrivals')
    op.create_index('ix_delivered_arrivals_authority_id_arrived_on', 'delivered_arrivals', ['authority_id', 'arrived_on'])
    op.drop_index('ix_delivered_lines_authority_id_month', 'delivered_lines')
