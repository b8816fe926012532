"""Definitions of local as versions with periods of validity, instead of a column of the authority; measured roads and found places kept"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

# What an authority got that had stated nothing: its own county, every step.
ASSUMED = {"rule": {"kind": "in_county"}, "steps": ["farm", "slaughter", "processing", "packing"]}

authorities = sa.table(
    'authorities',
    sa.column('id', sa.Integer()),
    sa.column('local_definition', sa.JSON()),
    sa.column('own_wording', sa.Text()),
    sa.column('created_at', sa.DateTime(timezone=True)),
)
versions = sa.table(
    'definition_versions',
    sa.column('authority_id', sa.Integer()),
    sa.column('number', sa.Integer()),
    sa.column('definition', sa.JSON()),
    sa.column('own_wording', sa.Text()),
    sa.column('valid_from', sa.Date()),
    sa.column('created_at', sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table('definition_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('own_wording', sa.Text(), nullable=False),
    sa.Column('kitchen_id', sa.Integer(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('number > 0', name=op.f('ck_definition_versions_numbered_from_one')),
    sa.CheckConstraint('valid_to IS NULL OR valid_from <= valid_to', name=op.f('ck_definition_versions_does_not_end_before_it_begins')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_definition_versions_authority_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_definition_versions_created_by')),
    sa.ForeignKeyConstraint(['kitchen_id'], ['kitchens.id'], name=op.f('fk_definition_versions_kitchen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_versions')),
    sa.UniqueConstraint('authority_id', 'number', name=op.f('uq_definition_versions_authority_id_number'))
    )
    op.create_index('uq_definition_versions_open', 'definition_versions', ['authority_id'], unique=True, sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))
    op.create_table('travel_cache',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('engine', sa.String(length=64), nullable=False),
    sa.Column('data_version', sa.String(length=120), nullable=False),
    sa.Column('from_lat_e5', sa.Integer(), nullable=False),
    sa.Column('from_lon_e5', sa.Integer(), nullable=False),
    sa.Column('to_lat_e5', sa.Integer(), nullable=False),
    sa.Column('to_lon_e5', sa.Integer(), nullable=False),
    sa.Column('metres', sa.Integer(), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(metres IS NULL) = (seconds IS NULL)', name=op.f('ck_travel_cache_both_or_none')),
    sa.CheckConstraint('metres >= 0 AND seconds >= 0', name=op.f('ck_travel_cache_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_travel_cache')),
    sa.UniqueConstraint('engine', 'data_version', 'from_lat_e5', 'from_lon_e5', 'to_lat_e5', 'to_lon_e5', name='uq_travel_cache_road')
    )
    op.create_index('ix_travel_cache_engine_fetched_at', 'travel_cache', ['engine', 'fetched_at'], unique=False)
    op.create_table('geocode_cache',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('server', sa.String(length=255), nullable=False),
    sa.Column('query', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_geocode_cache')),
    sa.UniqueConstraint('server', 'query', name=op.f('uq_geocode_cache_server_query'))
    )
    _carry_over(op.get_bind())
    # SQLite drops a column in place (3.35 on): copying the table would trip over the keys that point to it.
    op.drop_column('authorities', 'local_definition')
    op.drop_column('authorities', 'own_wording')


def downgrade() -> None:
    op.add_column('authorities', sa.Column('local_definition', sa.JSON(), nullable=False, server_default=json.dumps(ASSUMED)))
    op.add_column('authorities', sa.Column('own_wording', sa.Text(), nullable=False, server_default=''))
    _carry_back(op.get_bind())
    op.drop_index('uq_definition_versions_open', table_name='definition_versions')
    op.drop_table('definition_versions')
    op.drop_table('geocode_cache')
    op.drop_index('ix_travel_cache_engine_fetched_at', table_name='travel_cache')
    op.drop_table('travel_cache')


def _carry_over(connection: sa.Connection) -> None:
    """Each definition becomes version 1, from the day its authority was registered; an assumed one becomes none."""
    for row in connection.execute(sa.select(authorities)).all():
        definition = {key: value for key, value in row.local_definition.items() if key in ASSUMED}
        if definition == ASSUMED and not row.own_wording:
            continue
        connection.execute(
            versions.insert().values(
                authority_id=row.id,
                number=1,
                definition=definition | {"valid_from": None, "valid_to": None, "wording": ""},
                own_wording=row.own_wording,
                valid_from=_swedish_day(row.created_at),
                created_at=row.created_at,
            )
        )


def _carry_back(connection: sa.Connection) -> None:
    """The newest version of each authority."""
    for row in connection.execute(sa.select(versions).order_by(versions.c.number)).all():
        values: dict[str, Any] = {"local_definition": row.definition, "own_wording": row.own_wording}
        connection.execute(authorities.update().where(authorities.c.id == row.authority_id).values(values))


def _swedish_day(at: datetime) -> Any:
    aware = at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))
    return aware.astimezone(ZoneInfo("Europe/Stockholm")).date()
