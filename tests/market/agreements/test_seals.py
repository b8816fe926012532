"""The seal: poppler calls it valid, any changed byte breaks it, PDF/A stays, and the operator's key is checked at the start."""

from __future__ import annotations

import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from agreements import TEMPLATE, make_sent, make_signed, pdfsig, proof_of
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from factories import AT, make_cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import func, select

from market.agreements.models import AgreementDocument
from market.agreements.rules import AgreementState, DocumentKind
from market.agreements.sealing import seal_of
from market.agreements.seals import demo_seal, seal_from_files, sealed
from market.agreements.signing_operations import finish_agreement, sign_and_seal
from market.audit import AuditEvent
from market.config import BadSetting, Settings, from_environment
from market.db import make_engine, open_session, transaction


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A certificate and its key, as an operator would have them: in one file, and in two."""
    folder = tmp_path_factory.mktemp("keys")
    demo_seal(folder, at=datetime.now(UTC))
    key, certificate, _ = pkcs12.load_key_and_certificates((folder / "demo-seal.p12").read_bytes(), None)
    lock = BestAvailableEncryption(b"hemlig")
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "locked.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "locked.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, lock)
    )
    return folder


@pytest.fixture(scope="module")
def sealed_pdf(cast_template, keys, tmp_path_factory):
    """A signed agreement's finished file, sealed."""
    path = tmp_path_factory.mktemp("sealed") / "narmat.sqlite3"
    shutil.copy(cast_template[0], path)
    engine = make_engine(f"sqlite:///{path}")
    cast = cast_template[1]
    with transaction(engine) as session:
        own = type(cast)(
            **{
                n: session.get_one(type(t), t.id) if hasattr(t, "__tablename__") else t
                for n, t in vars(cast).items()
            }
        )
        agreement_id = make_signed(session, own).id
    seal = demo_seal(keys, at=AT)
    manager = cast.actor("meal_manager")
    finish_agreement(engine, agreement_id=agreement_id, actor=manager, at=AT, seal=seal, template=TEMPLATE)
    with open_session(engine, writes=False) as session:
        pdf = session.scalars(
            select(AgreementDocument.pdf).where(AgreementDocument.kind == DocumentKind.FINISHED)
        ).one()
    engine.dispose()
    return pdf


def test_poppler_calls_the_seal_valid_over_the_whole_file(sealed_pdf, tmp_path):
    said = pdfsig(sealed_pdf, tmp_path)
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said, "a PAdES signature"
    assert "Signing Hash Algorithm: SHA-256" in said


def test_the_sealed_file_is_still_an_archive_file(sealed_pdf):
    metadata = PdfReader(io.BytesIO(sealed_pdf)).xmp_metadata.stream.get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_a_changed_byte_breaks_it(sealed_pdf, tmp_path, share, bit):
    """Anywhere, the seal's own bytes excepted: those are what is compared with."""
    start, end = seal_bytes(sealed_pdf)
    place = int(share * (len(sealed_pdf) - (end - start)))
    place += (end - start) if place >= start else 0
    changed = bytearray(sealed_pdf)
    changed[place] ^= 1 << bit
    assert "Signature is Valid" not in pdfsig(bytes(changed), tmp_path)


def seal_bytes(pdf):
    """Where the hexadecimal signature stands: between the two ranges that it covers."""
    field = PdfReader(io.BytesIO(pdf)).get_fields()["Forsegling"]["/V"]
    first, length, second, _ = (int(n) for n in field["/ByteRange"])
    return first + length, second


def test_what_is_added_after_the_seal_is_seen(sealed_pdf, tmp_path):
    said = pdfsig(sealed_pdf + b"\n% more\n", tmp_path)
    assert "Not total document signed" in said or "Signature is Valid" not in said


@pytest.mark.parametrize(
    ("key", "certificate", "passphrase"),
    [
        ("key.pem", "cert.pem", ""),
        ("locked.pem", "cert.pem", "hemlig"),
        ("locked.p12", None, "hemlig"),
        ("demo-seal.p12", None, ""),
    ],
)
def test_the_operators_key_in_each_form(keys, tmp_path, key, certificate, passphrase):
    seal = seal_from_files(keys / key, keys / certificate if certificate else None, passphrase=passphrase)
    assert not seal.is_demo
    assert seal.name.startswith("Närmat demo")
    assert "Signature is Valid" in pdfsig(sealed(TYPESET, seal), tmp_path)


def _typeset():
    import typst

    return typst.compile(b"Hej", ignore_system_fonts=True)


TYPESET = _typeset()


def with_seal(keys, **names) -> Settings:
    files = {name: str(keys / file) for name, file in names.items() if name != "seal_passphrase"}
    return Settings(
        instance=keys, database_url="sqlite://", secret_key="x", password_salt="x",
        seal_passphrase=names.get("seal_passphrase", ""), **files,
    )  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        {"seal_key": "nothing.pem", "seal_cert": "cert.pem"},
        {"seal_key": "nothing.p12"},
        {"seal_key": "locked.p12", "seal_passphrase": "fel"},
        {"seal_key": "cert.pem", "seal_cert": "cert.pem"},
        {"seal_key": "other.pem", "seal_cert": "cert.pem"},
        {"seal_cert": "cert.pem"},
    ],
)
def test_a_key_that_can_not_be_used_stops_the_start(keys, tmp_path, names):
    demo_seal(tmp_path, at=AT)
    other, _, _ = pkcs12.load_key_and_certificates((tmp_path / "demo-seal.p12").read_bytes(), None)
    (keys / "other.pem").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(BadSetting, match="NARMAT_SEAL"):
        seal_of(with_seal(keys, **names))


def test_a_provider_is_configured_whole_or_not_at_all(tmp_path):
    env = {"NARMAT_INSTANCE": str(tmp_path), "NARMAT_OIDC_ISSUER": "https://idp.example"}
    with pytest.raises(BadSetting, match="NARMAT_OIDC_CLIENT_ID"):
        from_environment(env)


def test_the_demo_makes_its_certificate_once_and_says_what_it_is(tmp_path):
    first, second = demo_seal(tmp_path, at=AT), demo_seal(tmp_path, at=AT + timedelta(days=9))
    assert first.is_demo
    assert first.name == "Närmat demo, bevisar ingenting"
    assert first.signer.signing_cert.dump() == second.signer.signing_cert.dump()
    assert (tmp_path / "demo-seal.p12").stat().st_mode & 0o077 == 0, "for the owner only"


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_two_last_signatures_at_once_give_one_sealed_document(database, migrated_url, tmp_path):
    engine = make_engine(migrated_url(database))
    with transaction(engine) as session:
        cast = make_cast(session)
        agreement = make_sent(session, cast)
        actors = [cast.actor("producer"), cast.actor("meal_manager")]
        proofs = [proof_of(session, agreement, actor) for actor in actors]
    start, seal = Barrier(2), demo_seal(tmp_path, at=AT)

    def sign(actor, proof):
        start.wait(timeout=30)
        return sign_and_seal(
            engine, agreement_id=1, proof=proof, actor=actor, at=AT, seal=seal, template=TEMPLATE
        )

    with ThreadPoolExecutor(2) as pool:
        assert AgreementState.IN_FORCE in list(pool.map(sign, actors, proofs))
    with open_session(engine, writes=False) as session:
        finished = session.scalars(
            select(AgreementDocument).where(AgreementDocument.kind == DocumentKind.FINISHED)
        ).one()
        assert "Signature is Valid" in pdfsig(finished.pdf, tmp_path)
        assert session.scalar(select(func.count()).where(AuditEvent.action == "agreement.seal")) == 1
    engine.dispose()


@pytest.mark.slow
@pytest.mark.postgres
def test_sealing_twice_at_once_keeps_one(postgres_url, tmp_path):
    engine = make_engine(postgres_url)
    with transaction(engine) as session:
        cast = make_cast(session)
        agreement_id, manager = make_signed(session, cast).id, cast.actor("meal_manager")
    seal = demo_seal(tmp_path, at=AT)

    def finish(_):
        return finish_agreement(
            engine, agreement_id=agreement_id, actor=manager, at=AT, seal=seal, template=TEMPLATE
        )

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(finish, range(4))) == [True] * 4
    with open_session(engine, writes=False) as session:
        kinds = session.scalars(select(AgreementDocument.kind).order_by(AgreementDocument.id)).all()
        assert kinds == [DocumentKind.TO_SIGN, DocumentKind.FINISHED]
        assert session.scalar(select(func.count()).where(AuditEvent.action == "agreement.seal")) == 1
    engine.dispose()
