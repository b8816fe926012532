"""what was delivered and what follows from it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delivered_chains',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sites', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivered_chains')),
    sa.UniqueConstraint('sha256', name=op.f('uq_delivered_chains_sha256'))
    )
    op.create_table('delivered_vantages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('municipality_code', sa.String(length=4), nullable=False),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivered_vantages')),
    sa.UniqueConstraint('municipality_code', 'lat', 'lon', name=op.f('uq_delivered_vantages_municipality_code_lat_lon'))
    )
    op.create_table('delivered_answers',
    sa.Column('chain_id', sa.Integer(), nullable=False),
    sa.Column('vantage_id', sa.Integer(), nullable=False),
    sa.Column('definition_sha256', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.String(32), nullable=False),
    sa.CheckConstraint("answer IN ('yes', 'no', 'uncertain')", name=op.f('ck_delivered_answers_answer')),
    sa.ForeignKeyConstraint(['chain_id'], ['delivered_chains.id'], name=op.f('fk_delivered_answers_chain_id')),
    sa.ForeignKeyConstraint(['vantage_id'], ['delivered_vantages.id'], name=op.f('fk_delivered_answers_vantage_id')),
    sa.PrimaryKeyConstraint('chain_id', 'vantage_id', 'definition_sha256', name=op.f('pk_delivered_answers'))
    )
    op.create_table('followup_goals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('figure', sa.String(length=40), nullable=False),
    sa.Column('category_key', sa.String(length=32), nullable=True),
    sa.Column('target', sa.Numeric(precision=14, scale=4), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('decided', sa.String(length=200), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('target >= 0', name=op.f('ck_followup_goals_not_negative')),
    sa.CheckConstraint('valid_until IS NULL OR valid_from < valid_until', name=op.f('ck_followup_goals_period_not_empty')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_followup_goals_authority_id')),
    sa.ForeignKeyConstraint(['category_key'], ['categories.key'], name=op.f('fk_followup_goals_category_key')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['users.id'], name=op.f('fk_followup_goals_entered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_followup_goals'))
    )
    with op.batch_alter_table('followup_goals', schema=None) as batch_op:
        batch_op.create_index('ix_followup_goals_authority_id_figure', ['authority_id', 'figure'], unique=False)

    op.create_table('followup_settings',
    sa.Column('authority_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('contact_email', sa.String(length=255), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_followup_settings_authority_id')),
    sa.PrimaryKeyConstraint('authority_id', name=op.f('pk_followup_settings'))
    )
    op.create_table('portion_norms',
    sa.Column('authority_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('category_key', sa.String(length=32), nullable=False),
    sa.Column('grams', sa.Integer(), nullable=False),
    sa.CheckConstraint('grams BETWEEN 1 AND 2000', name=op.f('ck_portion_norms_grams')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_portion_norms_authority_id')),
    sa.ForeignKeyConstraint(['category_key'], ['categories.key'], name=op.f('fk_portion_norms_category_key')),
    sa.PrimaryKeyConstraint('authority_id', 'category_key', name=op.f('pk_portion_norms'))
    )
    op.create_table('scenarios',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('based_on_id', sa.Integer(), nullable=True),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.Column('put_away_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(name) > 0', name=op.f('ck_scenarios_has_a_name')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_scenarios_authority_id')),
    sa.ForeignKeyConstraint(['based_on_id'], ['scenarios.id'], name=op.f('fk_scenarios_based_on_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_scenarios_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenarios')),
    sa.UniqueConstraint('request_key', name=op.f('uq_scenarios_request_key'))
    )
    with op.batch_alter_table('scenarios', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scenarios_authority_id'), ['authority_id'], unique=False)

    op.create_table('simulations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('runs', sa.Integer(), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('runs > 0', name=op.f('ck_simulations_runs')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_simulations_asked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulations'))
    )
    op.create_table('supplier_invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('producer_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('category_key', sa.String(length=32), nullable=False),
    sa.Column('letter', sa.Text(), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_supplier_invitations_authority_id')),
    sa.ForeignKeyConstraint(['category_key'], ['categories.key'], name=op.f('fk_supplier_invitations_category_key')),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_supplier_invitations_made_by_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_supplier_invitations_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_invitations')),
    sa.UniqueConstraint('request_key', name=op.f('uq_supplier_invitations_request_key'))
    )
    with op.batch_alter_table('supplier_invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_invitations_authority_id'), ['authority_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_invitations_producer_id'), ['producer_id'], unique=False)

    op.create_table('delivered_arrivals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('kitchen_id', sa.Integer(), nullable=False),
    sa.Column('arrived_on', sa.Date(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('week', sa.Integer(), nullable=False),
    sa.Column('carrier', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_delivered_arrivals_authority_id')),
    sa.ForeignKeyConstraint(['kitchen_id'], ['kitchens.id'], name=op.f('fk_delivered_arrivals_kitchen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivered_arrivals')),
    sa.UniqueConstraint('kitchen_id', 'arrived_on', 'carrier', name=op.f('uq_delivered_arrivals_kitchen_id_arrived_on_carrier'))
    )
    with op.batch_alter_table('delivered_arrivals', schema=None) as batch_op:
        batch_op.create_index('ix_delivered_arrivals_authority_id_arrived_on', ['authority_id', 'arrived_on'], unique=False)

    op.create_table('delivered_sums',
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kitchen_id', sa.Integer(), nullable=False),
    sa.Column('category_key', sa.String(length=32), nullable=False),
    sa.Column('producer_id', sa.Integer(), nullable=False),
    sa.Column('route', sa.String(32), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('deviations', sa.Integer(), nullable=False),
    sa.Column('grams', sa.BigInteger(), nullable=False),
    sa.Column('ore', sa.BigInteger(), nullable=False),
    sa.Column('vat_ore', sa.BigInteger(), nullable=False),
    sa.Column('listed_ore', sa.BigInteger(), nullable=False),
    sa.Column('list_ore', sa.BigInteger(), nullable=False),
    sa.Column('credit_ore', sa.BigInteger(), nullable=False),
    sa.Column('local_ore', sa.BigInteger(), nullable=False),
    sa.Column('local_grams', sa.BigInteger(), nullable=False),
    sa.Column('uncertain_ore', sa.BigInteger(), nullable=False),
    sa.Column('uncertain_grams', sa.BigInteger(), nullable=False),
    sa.Column('organic_ore', sa.BigInteger(), nullable=False),
    sa.Column('organic_grams', sa.BigInteger(), nullable=False),
    sa.Column('krav_ore', sa.BigInteger(), nullable=False),
    sa.Column('krav_grams', sa.BigInteger(), nullable=False),
    sa.Column('surplus_ore', sa.BigInteger(), nullable=False),
    sa.Column('surplus_grams', sa.BigInteger(), nullable=False),
    sa.Column('sized_ore', sa.BigInteger(), nullable=False),
    sa.Column('small_ore', sa.BigInteger(), nullable=False),
    sa.Column('lead_s', sa.BigInteger(), nullable=False),
    sa.Column('chain_gram_m', sa.BigInteger(), nullable=False),
    sa.Column('hub_gram_m', sa.BigInteger(), nullable=False),
    sa.Column('kitchen_gram_m', sa.BigInteger(), nullable=False),
    sa.Column('co2e_g', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("route IN ('direct', 'dis')", name=op.f('ck_delivered_sums_route')),
    sa.CheckConstraint('lines > 0', name=op.f('ck_delivered_sums_something')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_delivered_sums_authority_id')),
    sa.ForeignKeyConstraint(['category_key'], ['categories.key'], name=op.f('fk_delivered_sums_category_key')),
    sa.ForeignKeyConstraint(['kitchen_id'], ['kitchens.id'], name=op.f('fk_delivered_sums_kitchen_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_delivered_sums_producer_id')),
    sa.PrimaryKeyConstraint('authority_id', 'month', 'kitchen_id', 'category_key', 'producer_id', 'route', name=op.f('pk_delivered_sums'))
    )
    with op.batch_alter_table('delivered_sums', schema=None) as batch_op:
        batch_op.create_index('ix_delivered_sums_kitchen_id_month', ['kitchen_id', 'month'], unique=False)

    op.create_table('scenario_results',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.Column('worked_out_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenarios.id'], name=op.f('fk_scenario_results_scenario_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario_results')),
    sa.UniqueConstraint('scenario_id', 'number', name=op.f('uq_scenario_results_scenario_id_number'))
    )
    op.create_table('delivered_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delivery_line_id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('kitchen_id', sa.Integer(), nullable=False),
    sa.Column('receiving_kitchen_id', sa.Integer(), nullable=False),
    sa.Column('producer_id', sa.Integer(), nullable=False),
    sa.Column('category_key', sa.String(length=32), nullable=False),
    sa.Column('route', sa.String(32), nullable=False),
    sa.Column('delivered_on', sa.Date(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('week', sa.Integer(), nullable=False),
    sa.Column('product_name', sa.String(length=120), nullable=False),
    sa.Column('producer_name', sa.String(length=120), nullable=False),
    sa.Column('is_sole_trader', sa.Boolean(), nullable=False),
    sa.Column('size', sa.String(32), nullable=True),
    sa.Column('unit', sa.String(32), nullable=False),
    sa.Column('ordered_steps', sa.Integer(), nullable=False),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('grams', sa.BigInteger(), nullable=False),
    sa.Column('ore', sa.BigInteger(), nullable=False),
    sa.Column('vat_ore', sa.BigInteger(), nullable=False),
    sa.Column('list_ore', sa.BigInteger(), nullable=True),
    sa.Column('credit_ore', sa.BigInteger(), nullable=False),
    sa.Column('is_organic', sa.Boolean(), nullable=False),
    sa.Column('is_krav', sa.Boolean(), nullable=False),
    sa.Column('is_surplus', sa.Boolean(), nullable=False),
    sa.Column('deviation', sa.String(32), nullable=True),
    sa.Column('lead_s', sa.BigInteger(), nullable=False),
    sa.Column('is_local', sa.String(32), nullable=False),
    sa.Column('definition_id', sa.Integer(), nullable=True),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('chain_id', sa.Integer(), nullable=False),
    sa.Column('vantage_id', sa.Integer(), nullable=False),
    sa.Column('chain_m', sa.Integer(), nullable=False),
    sa.Column('hub_m', sa.Integer(), nullable=False),
    sa.Column('kitchen_m', sa.Integer(), nullable=False),
    sa.Column('co2e_g', sa.Integer(), nullable=False),
    sa.Column('emission_method', sa.String(32), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("emission_method IN ('planned', 'estimated')", name=op.f('ck_delivered_lines_emission_method')),
    sa.CheckConstraint("deviation IS NULL OR deviation IN ('short', 'damaged', 'temperature', 'wrong_goods')", name=op.f('ck_delivered_lines_deviation')),
    sa.CheckConstraint("is_local IN ('yes', 'no', 'uncertain')", name=op.f('ck_delivered_lines_is_local')),
    sa.CheckConstraint("route IN ('direct', 'dis')", name=op.f('ck_delivered_lines_route')),
    sa.CheckConstraint("size IS NULL OR size IN ('micro', 'small', 'medium', 'large')", name=op.f('ck_delivered_lines_size')),
    sa.CheckConstraint("unit IN ('KGM', 'LTR', 'C62')", name=op.f('ck_delivered_lines_unit')),
    sa.CheckConstraint('grams >= 0 AND ore >= 0 AND steps >= 0 AND lead_s >= 0 AND co2e_g >= 0', name=op.f('ck_delivered_lines_not_negative')),
    sa.CheckConstraint('is_organic OR NOT is_krav', name=op.f('ck_delivered_lines_krav_is_organic')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_delivered_lines_authority_id')),
    sa.ForeignKeyConstraint(['category_key'], ['categories.key'], name=op.f('fk_delivered_lines_category_key')),
    sa.ForeignKeyConstraint(['chain_id'], ['delivered_chains.id'], name=op.f('fk_delivered_lines_chain_id')),
    sa.ForeignKeyConstraint(['definition_id'], ['definition_versions.id'], name=op.f('fk_delivered_lines_definition_id')),
    sa.ForeignKeyConstraint(['delivery_line_id'], ['delivery_lines.id'], name=op.f('fk_delivered_lines_delivery_line_id')),
    sa.ForeignKeyConstraint(['kitchen_id'], ['kitchens.id'], name=op.f('fk_delivered_lines_kitchen_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_delivered_lines_order_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_delivered_lines_producer_id')),
    sa.ForeignKeyConstraint(['receiving_kitchen_id'], ['kitchens.id'], name=op.f('fk_delivered_lines_receiving_kitchen_id')),
    sa.ForeignKeyConstraint(['vantage_id'], ['delivered_vantages.id'], name=op.f('fk_delivered_lines_vantage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivered_lines')),
    sa.UniqueConstraint('delivery_line_id', name=op.f('uq_delivered_lines_delivery_line_id'))
    )
    with op.batch_alter_table('delivered_lines', schema=None) as batch_op:
        batch_op.create_index('ix_delivered_lines_authority_id_category_key', ['authority_id', 'category_key', 'delivered_on'], unique=False)
        batch_op.create_index('ix_delivered_lines_authority_id_delivered_on', ['authority_id', 'delivered_on'], unique=False)
        batch_op.create_index('ix_delivered_lines_authority_id_week', ['authority_id', 'week'], unique=False)
        batch_op.create_index('ix_delivered_lines_kitchen_id_delivered_on', ['kitchen_id', 'delivered_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivered_lines_order_id'), ['order_id'], unique=False)
        batch_op.create_index('ix_delivered_lines_producer_id_delivered_on', ['producer_id', 'delivered_on'], unique=False)

    with op.batch_alter_table('kitchens', schema=None) as batch_op:
        batch_op.add_column(sa.Column('portions', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            op.f('ck_kitchens_portions'), 'portions IS NULL OR portions BETWEEN 1 AND 100000'
        )

    with op.batch_alter_table('producers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('size', sa.String(32), nullable=True))
        batch_op.create_check_constraint(
            op.f('ck_producers_size'), "size IS NULL OR size IN ('micro', 'small', 'medium', 'large')"
        )



def downgrade() -> None:
    with op.batch_alter_table('producers', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_producers_size'), type_='check')
        batch_op.drop_column('size')

    with op.batch_alter_table('kitchens', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_kitchens_portions'), type_='check')
        batch_op.drop_column('portions')

    with op.batch_alter_table('delivered_lines', schema=None) as batch_op:
        batch_op.drop_index('ix_delivered_lines_producer_id_delivered_on')
        batch_op.drop_index(batch_op.f('ix_delivered_lines_order_id'))
        batch_op.drop_index('ix_delivered_lines_kitchen_id_delivered_on')
        batch_op.drop_index('ix_delivered_lines_authority_id_week')
        batch_op.drop_index('ix_delivered_lines_authority_id_delivered_on')
        batch_op.drop_index('ix_delivered_lines_authority_id_category_key')

    op.drop_table('delivered_lines')
    op.drop_table('scenario_results')
    with op.batch_alter_table('delivered_sums', schema=None) as batch_op:
        batch_op.drop_index('ix_delivered_sums_kitchen_id_month')

    op.drop_table('delivered_sums')
    with op.batch_alter_table('delivered_arrivals', schema=None) as batch_op:
        batch_op.drop_index('ix_delivered_arrivals_authority_id_arrived_on')

    op.drop_table('delivered_arrivals')
    with op.batch_alter_table('supplier_invitations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_invitations_producer_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_invitations_authority_id'))

    op.drop_table('supplier_invitations')
    op.drop_table('simulations')
    with op.batch_alter_table('scenarios', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scenarios_authority_id'))

    op.drop_table('scenarios')
    op.drop_table('portion_norms')
    op.drop_table('followup_settings')
    with op.batch_alter_table('followup_goals', schema=None) as batch_op:
        batch_op.drop_index('ix_followup_goals_authority_id_figure')

    op.drop_table('followup_goals')
    op.drop_table('delivered_answers')
    op.drop_table('delivered_vantages')
    op.drop_table('delivered_chains')
