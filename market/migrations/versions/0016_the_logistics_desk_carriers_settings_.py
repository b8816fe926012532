"""The logistics desk: carriers, settings, revisions of a plan, drivers and their reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

PERIOD = 'until_on IS NULL OR from_on IS NULL OR from_on < until_on'
# Columns for rows that there may be; the models have no defaults in the database.
DEFAULTS = {
    'run_loads': ('leg', 'crates', 'temperature'),
    'vehicles': ('returns_home', 'has_tail_lift', 'takes_ferry', 'overtime_s', 'overtime_ore_per_hour', 'emission_source', 'version'),
    'week_plans': ('name', 'revision', 'bound_ore'),
}


def _roles(*more: str) -> str:
    known = ('producer', 'kitchen', 'meal_manager', 'procurement_officer', 'logistics_planner', *more, 'admin')
    return f"role IN ({', '.join(repr(one) for one in known)})"


def _organisations(*more: str) -> str:
    staff = ', '.join(repr(one) for one in ('meal_manager', 'procurement_officer', 'logistics_planner', *more))
    return (
        "(role = 'producer' AND producer_id IS NOT NULL AND kitchen_id IS NULL AND authority_id IS NULL)"
        " OR (role = 'kitchen' AND kitchen_id IS NOT NULL AND producer_id IS NULL AND authority_id IS NULL)"
        f" OR (role IN ({staff})"
        " AND authority_id IS NOT NULL AND producer_id IS NULL AND kitchen_id IS NULL)"
        " OR (role = 'admin' AND authority_id IS NULL AND producer_id IS NULL AND kitchen_id IS NULL)"
    )


def _models(*more: str) -> str:
    known = ('hubs_own_staff', 'suppliers_coload', 'municipal_vans', 'producer_delivers', *more)
    return f"transport_model IN ({', '.join(repr(one) for one in known)})"


OLD = {
    ('memberships', 'role'): _roles(),
    ('memberships', 'organisation_fits_role'): _organisations(),
    ('authorities', 'transport_model'): _models(),
}
NEW = {
    ('memberships', 'role'): _roles('driver'),
    ('memberships', 'organisation_fits_role'): _organisations('driver'),
    ('authorities', 'transport_model'): _models('hub_collects'),
}


def upgrade() -> None:
    op.create_table('carriers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('producer_id', sa.Integer(), nullable=True),
    sa.Column('carries_for_others', sa.Boolean(), nullable=False),
    sa.Column('is_paid_with_goods', sa.Boolean(), nullable=False),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('tariff_ore_per_day', sa.Integer(), nullable=True),
    sa.Column('tariff_ore_per_km', sa.Integer(), nullable=True),
    sa.Column('tariff_ore_per_hour', sa.Integer(), nullable=True),
    sa.Column('minimum_share_percent', sa.Integer(), nullable=False),
    sa.Column('short_ore_per_kg', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(kind = 'producer') = (producer_id IS NOT NULL)", name=op.f('ck_carriers_producer_of_a_producer')),
    sa.CheckConstraint("kind IN ('municipality', 'producer', 'haulier')", name=op.f('ck_carriers_kind')),
    sa.CheckConstraint('(tariff_ore_per_day IS NULL) = (tariff_ore_per_km IS NULL) AND (tariff_ore_per_day IS NULL) = (tariff_ore_per_hour IS NULL)', name=op.f('ck_carriers_whole_tariff')),
    sa.CheckConstraint('minimum_share_percent BETWEEN 0 AND 100 AND short_ore_per_kg >= 0', name=op.f('ck_carriers_minimum_share')),
    sa.CheckConstraint('tariff_ore_per_day >= 0 AND tariff_ore_per_km >= 0 AND tariff_ore_per_hour >= 0', name=op.f('ck_carriers_tariff_not_negative')),
    sa.CheckConstraint('until_on IS NULL OR from_on IS NULL OR from_on < until_on', name=op.f('ck_carriers_starts_before_it_ends')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_carriers_authority_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_carriers_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carriers')),
    sa.UniqueConstraint('authority_id', 'name', name=op.f('uq_carriers_authority_id_name'))
    )
    with op.batch_alter_table('carriers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_carriers_authority_id'), ['authority_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_carriers_producer_id'), ['producer_id'], unique=False)

    op.create_table('transport_settings',
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('stop_s', sa.Integer(), nullable=False),
    sa.Column('seconds_per_crate', sa.Integer(), nullable=False),
    sa.Column('gather_weekday', sa.Integer(), nullable=True),
    sa.Column('lead_days', sa.Integer(), nullable=False),
    sa.Column('producers_choose_times', sa.Boolean(), nullable=False),
    sa.Column('own_delivery', sa.String(32), nullable=False),
    sa.Column('satellites_by_own_staff', sa.Boolean(), nullable=False),
    sa.Column('transfer_s', sa.Integer(), nullable=False),
    sa.Column('tolerance_s', sa.Integer(), nullable=False),
    sa.Column('promise_ore', sa.Integer(), nullable=False),
    sa.Column('visit_ore', sa.Integer(), nullable=False),
    sa.Column('peak_ore_per_hour', sa.Integer(), nullable=False),
    sa.Column('new_face_ore', sa.Integer(), nullable=False),
    sa.Column('hour_ore', sa.Integer(), nullable=False),
    sa.Column('km_ore', sa.Integer(), nullable=False),
    sa.Column('kg_co2e_ore', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("own_delivery IN ('never', 'when_cheaper', 'always')", name=op.f('ck_transport_settings_own_delivery')),
    sa.CheckConstraint('gather_weekday IS NULL OR gather_weekday BETWEEN 1 AND 7', name=op.f('ck_transport_settings_gather_weekday')),
    sa.CheckConstraint('lead_days BETWEEN 0 AND 60', name=op.f('ck_transport_settings_lead_days')),
    sa.CheckConstraint('stop_s BETWEEN 0 AND 14400 AND seconds_per_crate BETWEEN 0 AND 3600', name=op.f('ck_transport_settings_service_times')),
    sa.CheckConstraint('tolerance_s BETWEEN 0 AND 14400', name=op.f('ck_transport_settings_tolerance')),
    sa.CheckConstraint('visit_ore >= 0 AND peak_ore_per_hour >= 0 AND new_face_ore >= 0 AND promise_ore >= 0 AND hour_ore >= 0 AND km_ore >= 0 AND kg_co2e_ore >= 0', name=op.f('ck_transport_settings_prices_not_negative')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_transport_settings_authority_id')),
    sa.PrimaryKeyConstraint('authority_id', name=op.f('pk_transport_settings'))
    )
    op.create_table('transport_surveys',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_transport_surveys_asked_by_id')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_transport_surveys_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transport_surveys'))
    )
    with op.batch_alter_table('transport_surveys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transport_surveys_authority_id'), ['authority_id'], unique=False)

    op.create_table('closed_periods',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('kitchen_id', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.CheckConstraint('first_on <= last_on', name=op.f('ck_closed_periods_first_before_last')),
    sa.CheckConstraint('kitchen_id IS NULL OR site_id IS NULL', name=op.f('ck_closed_periods_one_place')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_closed_periods_authority_id')),
    sa.ForeignKeyConstraint(['kitchen_id'], ['kitchens.id'], name=op.f('fk_closed_periods_kitchen_id')),
    sa.ForeignKeyConstraint(['site_id'], ['production_sites.id'], name=op.f('fk_closed_periods_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_periods'))
    )
    with op.batch_alter_table('closed_periods', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closed_periods_authority_id'), ['authority_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_closed_periods_kitchen_id'), ['kitchen_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_closed_periods_site_id'), ['site_id'], unique=False)

    op.create_table('cost_shares',
    sa.Column('week_plan_id', sa.Integer(), nullable=False),
    sa.Column('producer_id', sa.Integer(), nullable=False),
    sa.Column('alone_ore', sa.Integer(), nullable=False),
    sa.Column('share_ore', sa.Integer(), nullable=False),
    sa.Column('is_exact', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_cost_shares_producer_id')),
    sa.ForeignKeyConstraint(['week_plan_id'], ['week_plans.id'], name=op.f('fk_cost_shares_week_plan_id')),
    sa.PrimaryKeyConstraint('week_plan_id', 'producer_id', name=op.f('pk_cost_shares'))
    )
    op.create_table('drivers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_drivers_carrier_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_drivers_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drivers')),
    sa.UniqueConstraint('carrier_id', 'user_id', name=op.f('uq_drivers_carrier_id_user_id'))
    )
    with op.batch_alter_table('drivers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drivers_user_id'), ['user_id'], unique=False)

    op.create_table('plan_revisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('week_plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('problem', sa.JSON(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('undone_to', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('made', 'moved', 'locked', 'unlocked', 'forbidden', 'allowed', 'relaxed', 'replanned', 'inserted', 'disrupted', 'undone')", name=op.f('ck_plan_revisions_kind')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_plan_revisions_user_id')),
    sa.ForeignKeyConstraint(['week_plan_id'], ['week_plans.id'], name=op.f('fk_plan_revisions_week_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_revisions')),
    sa.UniqueConstraint('week_plan_id', 'number', name=op.f('uq_plan_revisions_week_plan_id_number'))
    )
    op.create_table('stop_details',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kitchen_id', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('stop_s', sa.Integer(), nullable=True),
    sa.Column('seconds_per_crate', sa.Integer(), nullable=True),
    sa.Column('needs_tail_lift', sa.Boolean(), nullable=False),
    sa.Column('needs_ferry', sa.Boolean(), nullable=False),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('contact_phone', sa.String(length=40), nullable=False),
    sa.Column('door_code', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('(kitchen_id IS NULL) <> (site_id IS NULL)', name=op.f('ck_stop_details_one_place')),
    sa.CheckConstraint('(stop_s IS NULL OR stop_s BETWEEN 0 AND 14400) AND (seconds_per_crate IS NULL OR seconds_per_crate BETWEEN 0 AND 3600)', name=op.f('ck_stop_details_service_times')),
    sa.ForeignKeyConstraint(['kitchen_id'], ['kitchens.id'], name=op.f('fk_stop_details_kitchen_id')),
    sa.ForeignKeyConstraint(['site_id'], ['production_sites.id'], name=op.f('fk_stop_details_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stop_details')),
    sa.UniqueConstraint('kitchen_id', name=op.f('uq_stop_details_kitchen_id')),
    sa.UniqueConstraint('site_id', name=op.f('uq_stop_details_site_id'))
    )
    op.create_table('transport_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('producer_id', sa.Integer(), nullable=False),
    sa.Column('can_deliver', sa.String(32), nullable=True),
    sa.Column('weekdays', sa.String(length=7), nullable=False),
    sa.Column('radius_km', sa.Integer(), nullable=True),
    sa.Column('capacity_grams', sa.Integer(), nullable=True),
    sa.Column('has_cold', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("can_deliver IS NULL OR can_deliver IN ('by_itself', 'for_others_too', 'must_be_collected')", name=op.f('ck_transport_answers_can_deliver')),
    sa.CheckConstraint('(can_deliver IS NULL) = (answered_at IS NULL)', name=op.f('ck_transport_answers_answered_when')),
    sa.CheckConstraint('capacity_grams IS NULL OR capacity_grams > 0', name=op.f('ck_transport_answers_capacity_above_zero')),
    sa.CheckConstraint('radius_km IS NULL OR radius_km > 0', name=op.f('ck_transport_answers_radius_above_zero')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['users.id'], name=op.f('fk_transport_answers_answered_by_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_transport_answers_producer_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['transport_surveys.id'], name=op.f('fk_transport_answers_survey_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transport_answers')),
    sa.UniqueConstraint('survey_id', 'producer_id', name=op.f('uq_transport_answers_survey_id_producer_id'))
    )
    with op.batch_alter_table('transport_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transport_answers_producer_id'), ['producer_id'], unique=False)

    op.create_table('calendar_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['membership_id'], ['memberships.id'], name=op.f('fk_calendar_feeds_membership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feeds_token_hash'))
    )
    with op.batch_alter_table('calendar_feeds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feeds_membership_id'), ['membership_id'], unique=False)

    op.create_table('driver_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(32), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('kitchen_id', sa.Integer(), nullable=True),
    sa.Column('order_id', sa.Integer(), nullable=True),
    sa.Column('grams', sa.Integer(), nullable=True),
    sa.Column('crates', sa.Integer(), nullable=True),
    sa.Column('temperature', sa.String(32), nullable=True),
    sa.Column('decidegrees', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('signed_by', sa.String(length=120), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind <> 'delivered' OR signed_by <> ''", name=op.f('ck_driver_reports_delivered_to_someone')),
    sa.CheckConstraint("kind <> 'temperature' OR (decidegrees IS NOT NULL AND temperature IS NOT NULL)", name=op.f('ck_driver_reports_measured')),
    sa.CheckConstraint("kind IN ('left', 'arrived', 'loaded', 'delivered', 'deviation', 'temperature', 'ended')", name=op.f('ck_driver_reports_kind')),
    sa.CheckConstraint("kind NOT IN ('loaded', 'delivered') OR order_id IS NOT NULL", name=op.f('ck_driver_reports_goods_of_an_order')),
    sa.CheckConstraint("temperature IS NULL OR temperature IN ('ambient', 'chilled', 'frozen')", name=op.f('ck_driver_reports_temperature')),
    sa.CheckConstraint('happened_at <= received_at', name=op.f('ck_driver_reports_not_in_the_future')),
    sa.CheckConstraint('site_id IS NULL OR kitchen_id IS NULL', name=op.f('ck_driver_reports_one_place')),
    sa.ForeignKeyConstraint(['kitchen_id'], ['kitchens.id'], name=op.f('fk_driver_reports_kitchen_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_driver_reports_order_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_driver_reports_photo_id')),
    sa.ForeignKeyConstraint(['site_id'], ['production_sites.id'], name=op.f('fk_driver_reports_site_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_driver_reports_user_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_driver_reports_vehicle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_driver_reports')),
    sa.UniqueConstraint('request_key', name=op.f('uq_driver_reports_request_key'))
    )
    with op.batch_alter_table('driver_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_driver_reports_order_id'), ['order_id'], unique=False)
        batch_op.create_index('ix_driver_reports_vehicle_id_day', ['vehicle_id', 'day'], unique=False)

    op.create_table('vehicle_compartments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('admits_ambient', sa.Boolean(), nullable=False),
    sa.Column('admits_chilled', sa.Boolean(), nullable=False),
    sa.Column('admits_frozen', sa.Boolean(), nullable=False),
    sa.Column('capacity_grams', sa.Integer(), nullable=True),
    sa.Column('capacity_crates', sa.Integer(), nullable=True),
    sa.Column('capacity_pallets', sa.Integer(), nullable=True),
    sa.CheckConstraint('(capacity_grams IS NULL OR capacity_grams > 0) AND (capacity_crates IS NULL OR capacity_crates > 0) AND (capacity_pallets IS NULL OR capacity_pallets > 0)', name=op.f('ck_vehicle_compartments_capacity_above_zero')),
    sa.CheckConstraint('admits_ambient OR admits_chilled OR admits_frozen', name=op.f('ck_vehicle_compartments_admits_something')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_vehicle_compartments_vehicle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vehicle_compartments')),
    sa.UniqueConstraint('vehicle_id', 'position', name=op.f('uq_vehicle_compartments_vehicle_id_position'))
    )
    with op.batch_alter_table('vehicle_compartments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vehicle_compartments_vehicle_id'), ['vehicle_id'], unique=False)

    _add_columns()
    _carriers_from_owners()
    _no_defaults()
    _replace_checks(NEW)


def _add_columns() -> None:
    with op.batch_alter_table('run_loads', schema=None) as batch_op:
        batch_op.add_column(sa.Column('leg', sa.String(32), nullable=False, server_default='in'))
        batch_op.add_column(sa.Column('crates', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('temperature', sa.String(32), nullable=False, server_default='ambient'))
        batch_op.create_check_constraint(op.f('ck_run_loads_leg'), "leg IN ('in', 'onward', 'relay')")
        batch_op.create_check_constraint(op.f('ck_run_loads_temperature'), "temperature IN ('ambient', 'chilled', 'frozen')")

    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('driver_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_runs_driver_id'), ['driver_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_runs_driver_id'), 'drivers', ['driver_id'], ['id'])

    with op.batch_alter_table('vehicles', schema=None) as batch_op:
        batch_op.add_column(sa.Column('carrier_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('returns_home', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('capacity_pallets', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('has_tail_lift', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('takes_ferry', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('overtime_s', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('overtime_ore_per_hour', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('emission_source', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('from_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('until_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_check_constraint(op.f('ck_vehicles_pallets_above_zero'), 'capacity_pallets IS NULL OR capacity_pallets > 0')
        batch_op.create_check_constraint(op.f('ck_vehicles_overtime_not_negative'), 'overtime_s >= 0 AND overtime_ore_per_hour >= 0')
        batch_op.create_check_constraint(op.f('ck_vehicles_starts_before_it_ends'), PERIOD)

    with op.batch_alter_table('week_plans', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('bound_ore', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('based_on_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_week_plans_based_on_id'), 'week_plans', ['based_on_id'], ['id'])


def _carriers_from_owners() -> None:
    """A carrier for each kind of owner that an authority's vehicles had; a producer's is not known, so it becomes a haulier's."""
    op.execute(sa.text(
        "INSERT INTO carriers (authority_id, kind, name, carries_for_others, is_paid_with_goods, contact_name, phone, email,"
        " minimum_share_percent, short_ore_per_kg, is_active)"
        " SELECT DISTINCT authority_id, CASE owner WHEN 'producer' THEN 'haulier' ELSE owner END,"
        " CASE owner WHEN 'municipality' THEN 'Kommunen' WHEN 'producer' THEN 'Producenter som kör' ELSE 'Åkeri' END,"
        " true, false, '', '', '', 0, 0, true FROM vehicles"
    ))
    op.execute(sa.text(
        "UPDATE vehicles SET carrier_id = (SELECT carriers.id FROM carriers WHERE carriers.authority_id = vehicles.authority_id"
        " AND carriers.name = CASE vehicles.owner WHEN 'municipality' THEN 'Kommunen' WHEN 'producer' THEN 'Producenter som kör'"
        " ELSE 'Åkeri' END)"
    ))
    with op.batch_alter_table('vehicles', schema=None) as batch_op:
        batch_op.alter_column('carrier_id', existing_type=sa.Integer(), nullable=False)
        batch_op.create_index(batch_op.f('ix_vehicles_carrier_id'), ['carrier_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_vehicles_carrier_id'), 'carriers', ['carrier_id'], ['id'])
        batch_op.drop_constraint(op.f('ck_vehicles_owner'), type_='check')
        batch_op.drop_column('owner')


def _no_defaults() -> None:
    for table, columns in DEFAULTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def _replace_checks(checks: dict[tuple[str, str], str]) -> None:
    for (table, name), condition in checks.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), condition)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM memberships WHERE role = 'driver'"))  # the older schema knows no drivers
    op.execute(sa.text("UPDATE authorities SET transport_model = 'municipal_vans' WHERE transport_model = 'hub_collects'"))
    _replace_checks(OLD)
    with op.batch_alter_table('week_plans', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_week_plans_based_on_id'), type_='foreignkey')
        batch_op.drop_column('based_on_id')
        batch_op.drop_column('bound_ore')
        batch_op.drop_column('revision')
        batch_op.drop_column('name')

    with op.batch_alter_table('vehicles', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owner', sa.String(length=32), nullable=True))
    op.execute(sa.text(
        "UPDATE vehicles SET owner = (SELECT carriers.kind FROM carriers WHERE carriers.id = vehicles.carrier_id)"
    ))
    with op.batch_alter_table('vehicles', schema=None) as batch_op:
        batch_op.alter_column('owner', existing_type=sa.String(length=32), nullable=False)
        batch_op.create_check_constraint(op.f('ck_vehicles_owner'), "owner IN ('municipality', 'producer', 'haulier')")
        for name in ('pallets_above_zero', 'overtime_not_negative', 'starts_before_it_ends'):
            batch_op.drop_constraint(op.f(f'ck_vehicles_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_vehicles_carrier_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_vehicles_carrier_id'))
        batch_op.drop_column('version')
        batch_op.drop_column('until_on')
        batch_op.drop_column('from_on')
        batch_op.drop_column('emission_source')
        batch_op.drop_column('overtime_ore_per_hour')
        batch_op.drop_column('overtime_s')
        batch_op.drop_column('takes_ferry')
        batch_op.drop_column('has_tail_lift')
        batch_op.drop_column('capacity_pallets')
        batch_op.drop_column('returns_home')
        batch_op.drop_column('carrier_id')

    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_runs_driver_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_runs_driver_id'))
        batch_op.drop_column('driver_id')

    with op.batch_alter_table('run_loads', schema=None) as batch_op:
        for name in ('leg', 'temperature'):
            batch_op.drop_constraint(op.f(f'ck_run_loads_{name}'), type_='check')
        batch_op.drop_column('temperature')
        batch_op.drop_column('crates')
        batch_op.drop_column('leg')

    with op.batch_alter_table('vehicle_compartments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vehicle_compartments_vehicle_id'))

    op.drop_table('vehicle_compartments')
    with op.batch_alter_table('driver_reports', schema=None) as batch_op:
        batch_op.drop_index('ix_driver_reports_vehicle_id_day')
        batch_op.drop_index(batch_op.f('ix_driver_reports_order_id'))

    op.drop_table('driver_reports')
    with op.batch_alter_table('calendar_feeds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_feeds_membership_id'))

    op.drop_table('calendar_feeds')
    with op.batch_alter_table('transport_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_transport_answers_producer_id'))

    op.drop_table('transport_answers')
    op.drop_table('stop_details')
    op.drop_table('plan_revisions')
    with op.batch_alter_table('drivers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_drivers_user_id'))

    op.drop_table('drivers')
    op.drop_table('cost_shares')
    with op.batch_alter_table('closed_periods', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closed_periods_site_id'))
        batch_op.drop_index(batch_op.f('ix_closed_periods_kitchen_id'))
        batch_op.drop_index(batch_op.f('ix_closed_periods_authority_id'))

    op.drop_table('closed_periods')
    with op.batch_alter_table('transport_surveys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_transport_surveys_authority_id'))

    op.drop_table('transport_surveys')
    op.drop_table('transport_settings')
    with op.batch_alter_table('carriers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_carriers_producer_id'))
        batch_op.drop_index(batch_op.f('ix_carriers_authority_id'))

    op.drop_table('carriers')
