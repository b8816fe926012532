"""deliveries by where they came from are read from an index alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('delivered_lines', schema=None) as batch_op:
        batch_op.create_index(
            'ix_delivered_lines_origins',
            ['authority_id', 'delivered_on', 'chain_id', 'vantage_id', 'category_key', 'is_local', 'ore', 'grams', 'kitchen_id', 'emission_method', 'co2e_g'],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table('delivered_lines', schema=None) as batch_op:
        batch_op.drop_index('ix_delivered_lines_origins')
