"""an answer of a scenario says how many meals it came to beside the whole of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = "0022"
branch_labels = None
depends_on = None

RESULTS = sa.table(
    'scenario_results',
    sa.column('id', sa.Integer),
    sa.column('outcome', sa.JSON),
    sa.column('meals', sa.Integer),
    sa.column('meals_needed', sa.Integer),
)


def upgrade() -> None:
    with op.batch_alter_table('scenario_results', schema=None) as batch_op:
        batch_op.add_column(sa.Column('meals', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('meals_needed', sa.Integer(), nullable=True))
    _count_meals(op.get_bind())
    with op.batch_alter_table('scenario_results', schema=None) as batch_op:
        batch_op.alter_column('meals', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('meals_needed', existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(batch_op.f('ck_scenario_results_meals'), 'meals >= 0 AND meals <= meals_needed')


def _count_meals(connection: sa.Connection) -> None:
    """Of the answers that there are, one at a time: they are large."""
    for number in connection.scalars(sa.select(RESULTS.c.id)).all():
        outcome = connection.execute(sa.select(RESULTS.c.outcome).where(RESULTS.c.id == number)).scalar_one()
        needed, meal_grams = outcome['meals_needed'], outcome['meal_grams']
        grams = sum(one['delivered_grams'] for one in outcome['categories'])
        meals = min(needed, grams // meal_grams) if meal_grams else 0
        values = {'meals': meals, 'meals_needed': needed}
        connection.execute(RESULTS.update().where(RESULTS.c.id == number).values(**values))


def downgrade() -> None:
    with op.batch_alter_table('scenario_results', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_scenario_results_meals'), type_='check')
        batch_op.drop_column('meals_needed')
        batch_op.drop_column('meals')
