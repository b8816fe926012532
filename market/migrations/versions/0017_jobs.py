"""Jobs, and on PostgreSQL the tables of Procrastinate, which wakes the workers

Procrastinate's tables are in a schema of their own, as its release that is installed makes them. A later release that changes
them says so in its sql/migrations; that is then a migration here.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(32), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease', sa.String(length=32), nullable=True),
    sa.Column('lease_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stop_wished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('error_params', sa.JSON(), nullable=False),
    sa.Column('fault', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'running') = (lease IS NOT NULL AND lease_ends_at IS NOT NULL)", name=op.f('ck_jobs_lease')),
    sa.CheckConstraint("(state IN ('done', 'failed', 'stopped')) = (ended_at IS NOT NULL)", name=op.f('ck_jobs_ended')),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'stopped')", name=op.f('ck_jobs_state')),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_jobs_attempts')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_jobs_authority_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_jobs_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_authority_id_claimed_at', ['authority_id', 'claimed_at'], unique=False)
        batch_op.create_index('ix_jobs_open', ['state'], unique=False, sqlite_where=sa.text("state IN ('running', 'waiting')"), postgresql_where=sa.text("state IN ('running', 'waiting')"))
        batch_op.create_index(batch_op.f('ix_jobs_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_jobs_open_key', ['key'], unique=True, sqlite_where=sa.text("state IN ('running', 'waiting')"), postgresql_where=sa.text("state IN ('running', 'waiting')"))

    op.create_table('job_transitions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(32), nullable=False),
    sa.Column('to_state', sa.String(32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("event IN ('enqueue', 'claim', 'take_over', 'retry', 'finish', 'fail', 'stop')", name=op.f('ck_job_transitions_event')),
    sa.CheckConstraint("to_state IN ('waiting', 'running', 'done', 'failed', 'stopped')", name=op.f('ck_job_transitions_to_state')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_job_transitions_job_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_job_transitions_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_transitions'))
    )
    with op.batch_alter_table('job_transitions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_transitions_job_id'), ['job_id'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        _install_procrastinate()


def _install_procrastinate() -> None:
    before = op.get_bind().exec_driver_sql("SELECT current_setting('search_path')").scalar_one()
    op.execute('CREATE SCHEMA procrastinate')
    op.execute('SET LOCAL search_path TO procrastinate')
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(SchemaManager.get_schema())  # many statements: the driver sends them as they are
    op.execute(sa.select(sa.func.set_config('search_path', before, True)))


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP SCHEMA procrastinate CASCADE')
    with op.batch_alter_table('job_transitions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_transitions_job_id'))

    op.drop_table('job_transitions')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('uq_jobs_open_key', sqlite_where=sa.text("state IN ('running', 'waiting')"), postgresql_where=sa.text("state IN ('running', 'waiting')"))
        batch_op.drop_index(batch_op.f('ix_jobs_user_id'))
        batch_op.drop_index('ix_jobs_open', sqlite_where=sa.text("state IN ('running', 'waiting')"), postgresql_where=sa.text("state IN ('running', 'waiting')"))
        batch_op.drop_index('ix_jobs_authority_id_claimed_at')

    op.drop_table('jobs')
