"""which deliveries wait to be counted

A delivery is born uncounted and marked with the rows that count it. Those that have them are marked here; the chore counts the rest.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

MARK = """
UPDATE deliveries SET is_counted = true WHERE NOT EXISTS (
    SELECT 1 FROM delivery_lines WHERE delivery_lines.delivery_id = deliveries.id AND NOT EXISTS (
        SELECT 1 FROM delivered_lines WHERE delivered_lines.delivery_line_id = delivery_lines.id))
"""


def upgrade() -> None:
    op.add_column('deliveries', sa.Column('is_counted', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(sa.text(MARK))
    op.create_index(
        'ix_deliveries_uncounted',
        'deliveries',
        ['id'],
        sqlite_where=sa.text('is_counted = 0'),
        postgresql_where=sa.text('NOT is_counted'),
    )


def downgrade() -> None:
    op.drop_index('ix_deliveries_uncounted', 'deliveries')
    op.drop_column('deliveries', 'is_counted')
