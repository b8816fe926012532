"""What everyone may read: the list of DIS, each notice with its PDF and data, the feeds; and the desk of the staff."""

from __future__ import annotations

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from market import shell
from market.access import access
from market.actors import Action, Actor
from market.dis.blueprint import dis as dis_blueprint
from market.dis.rules import DisState, Thing
from market.dis.systems import publish_views, set_up_views
from market.dis.systems.blueprint import dis_of_everyone, dis_of_staff, notice_url
from market.dis.systems.desk import Desk, Part, parts_of, public_parts_of
from market.dis.systems.export import notice_data, notice_sheet
from market.dis.systems.feed import Feed, atom
from market.dis.systems.feed_entries import entries_of_all, entries_of_one, feed_id
from market.dis.systems.models import Dis
from market.dis.systems.queries import (
    document_of,
    drafts_of,
    history_of,
    latest_document,
    public_list,
    runs,
)
from market.dis.systems.readiness import gaps_of, texts_of
from market.dis.systems.wording_operations import warnings_of

__all__ = ["publish_views", "set_up_views"]

ATOM_TYPE = "application/atom+xml"


@dis_blueprint.get("")
@access(Action.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """Every DIS with a notice; for those who may, their drafts and the way to a new one."""
    actor: Actor | None = g.actor
    listed = public_list(shell.session())
    is_staff = actor is not None and actor.may(Action.FOLLOW_DIS)
    return render_template(
        "dis/systems/index.html",
        open_now=[one for one in listed if one.state is DisState.PUBLISHED],
        ended=[one for one in listed if one.state is DisState.ENDED],
        drafts=drafts_of(shell.session(), actor=actor) if actor is not None and is_staff else [],
        is_staff=is_staff,
        own_id=None if actor is None else actor.authority_id,
    )


@dis_blueprint.get("/<int:dis_id>")
@access(Action.READ_PUBLIC)
def show(dis_id: int) -> ResponseReturnValue:
    """The notice, as long as the DIS lives and after."""
    dis = dis_of_everyone(dis_id)
    return render_template(
        "dis/systems/show.html",
        dis=dis,
        parts=[_as_drawn(part, dis=dis) for part in public_parts_of(shell.session(), dis)],
        is_open=dis.is_open(shell.today()),
        history=history_of(shell.session(), dis_ids=[dis.id]),
    )


@dis_blueprint.get("/<int:dis_id>/desk")
@access(Action.FOLLOW_DIS)
def desk(dis_id: int) -> ResponseReturnValue:
    """All that the staff of the named authorities have to do with one DIS."""
    dis, actor, session = dis_of_staff(dis_id), shell.actor(), shell.session()
    made = Desk(dis, actor, shell.now(), runs=runs(actor, dis))
    return render_template(
        "dis/systems/desk.html",
        dis=dis,
        desk=made,
        parts=_drawn(made) if dis.published_at is not None else [],
        gaps=gaps_of(dis),
        history=history_of(session, dis_ids=[dis.id]),
        answered=[
            one
            for one in warnings_of(session, thing=Thing.DIS, subject_id=dis.id, texts=texts_of(dis))
            if one.answer is not None
        ],
    )


@dis_blueprint.get("/<int:dis_id>/notice.pdf")
@access(Action.READ_PUBLIC)
def notice_pdf(dis_id: int) -> ResponseReturnValue:
    """The notice as it was published, byte for byte; `?document=` for an earlier one."""
    dis, asked = dis_of_everyone(dis_id), request.args.get("document", type=int)
    session = shell.session()
    document = shell.found(
        latest_document(session, dis_id=dis.id)
        if asked is None
        else document_of(session, dis_id=dis.id, document_id=asked)
    )
    return _file(document.pdf, "application/pdf", f"annons-dis-{dis.id}.pdf")


@dis_blueprint.get("/<int:dis_id>/notice.json")
@access(Action.READ_PUBLIC)
def notice_export(dis_id: int) -> ResponseReturnValue:
    """The notice by docs/schemas/narmat-dis-notice-1.schema.json."""
    dis = dis_of_everyone(dis_id)
    return notice_data(dis, url=notice_url(dis), document_url=lambda one: _document_url(dis, one))


@dis_blueprint.get("/<int:dis_id>/notice.csv")
@access(Action.READ_PUBLIC)
def notice_csv(dis_id: int) -> ResponseReturnValue:
    """The notice as rows of a sheet."""
    dis = dis_of_everyone(dis_id)
    sheet = notice_sheet(dis, url=notice_url(dis))
    return _file(sheet.encode(), "text/csv; charset=utf-8", f"annons-dis-{dis.id}.csv")


@dis_blueprint.get("/feed.atom")
@access(Action.READ_PUBLIC)
def feed() -> ResponseReturnValue:
    """Every DIS, the latest change first."""
    listed = public_list(shell.session())
    history = history_of(shell.session(), dis_ids=[one.id for one in listed])
    return _feed(
        Feed(
            id=feed_id(request.host),
            title="Dynamiska inköpssystem i Närmat",
            url=url_for("dis.feed", _external=True),
            page_url=url_for("dis.index", _external=True),
            author="Närmat",
            updated=shell.now(),
            entries=entries_of_all(listed, history, host=request.host, url=notice_url),
        )
    )


@dis_blueprint.get("/<int:dis_id>/feed.atom")
@access(Action.READ_PUBLIC)
def feed_of(dis_id: int) -> ResponseReturnValue:
    """What has happened with one."""
    dis = dis_of_everyone(dis_id)
    history = history_of(shell.session(), dis_ids=[dis.id])
    return _feed(
        Feed(
            id=feed_id(request.host, dis),
            title=dis.name,
            url=url_for("dis.feed_of", dis_id=dis.id, _external=True),
            page_url=notice_url(dis),
            author=dis.authority.name,
            updated=shell.now(),
            entries=entries_of_one(dis, history, host=request.host, url=notice_url),
        )
    )


def _drawn(made: Desk) -> list[Markup]:
    """Each step's part, by its own template."""
    return [_as_drawn(part, desk=made, dis=made.dis) for part in parts_of(shell.session(), made)]


def _as_drawn(part: Part, **variables: object) -> Markup:
    return Markup(render_template(part.template, **variables, **part.variables))  # noqa: S704 - a template


def _document_url(dis: Dis, document_id: int) -> str:
    return url_for("dis.notice_pdf", dis_id=dis.id, document=document_id, _external=True)


def _feed(made: Feed) -> Response:
    return Response(atom(made), mimetype=ATOM_TYPE)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    return Response(
        content, content_type=mimetype, headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
