"""The electronic seal of a finished agreement: PAdES-B-B by pyHanko, with the operator's key and certificate.

The demo makes a certificate of its own, which says in its name that it proves nothing.
"""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PublicFormat, pkcs12
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:  # slow to import, and only what seals needs it
    from pyhanko.sign.signers import SimpleSigner

FIELD = "Forsegling"
DEMO_NAME = "Närmat demo, bevisar ingenting"
DEMO_YEARS = 10


class UnusableSeal(Exception):
    """The key or the certificate can not be read, or they do not belong together; the text says which file."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What seals, and whose name the certificate carries."""

    signer: SimpleSigner
    name: str
    is_demo: bool


def seal_from_files(key: Path, certificate: Path | None, *, passphrase: str) -> Seal:
    """From PEM files, or from one PKCS #12 file that holds both. Raises UnusableSeal."""
    from pyhanko.sign.signers import SimpleSigner

    secret = passphrase.encode() or None
    if certificate is None:
        signer = SimpleSigner.load_pkcs12(str(key), passphrase=secret)  # type: ignore[no-untyped-call]
    else:
        signer = SimpleSigner.load(  # type: ignore[no-untyped-call]
            str(key), str(certificate), key_passphrase=secret
        )
    if signer is None or signer.signing_cert is None:
        raise UnusableSeal(f"{key} and its certificate can not be read: check the files and the passphrase.")
    _check_pair(signer, key)
    return Seal(signer, _name(signer), is_demo=False)


def demo_seal(folder: Path, *, at: datetime) -> Seal:
    """The demo's own certificate, made once and kept in the instance folder."""
    from pyhanko.sign.signers import SimpleSigner

    path = folder / "demo-seal.p12"
    if not path.exists():
        _keep(path, at=at)
    signer = SimpleSigner.load_pkcs12(str(path))  # type: ignore[no-untyped-call]
    if signer is None:
        raise UnusableSeal(f"{path} can not be read: remove it, and it is made anew.")
    return Seal(signer, _name(signer), is_demo=True)


def sealed(pdf: bytes, seal: Seal) -> bytes:
    """The PDF with the seal added after its last byte; whoever changes a byte breaks it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class KeepsMetadata(IncrementalPdfFileWriter):
        """Adds the signature and leaves the PDF/A metadata as typst wrote it."""

        def _update_meta(self) -> None:
            return

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason="Avtalet är undertecknat av båda parter",
    )
    invisible = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False)  # as PDF/A wants it
    signer = signers.PdfSigner(
        metadata,
        signer=seal.signer,
        new_field_spec=fields.SigFieldSpec(FIELD, invis_sig_settings=invisible),
    )
    out: io.BytesIO = signer.sign_pdf(KeepsMetadata(io.BytesIO(pdf)))
    return out.getvalue()


def _name(signer: SimpleSigner) -> str:
    assert signer.signing_cert is not None
    subject = signer.signing_cert.subject.native
    return str(subject.get("common_name") or subject.get("organization_name") or "?")


def _check_pair(signer: SimpleSigner, key: Path) -> None:
    """The certificate's public key must be the key's."""
    assert signer.signing_cert is not None
    own = serialization.load_der_private_key(signer.signing_key.dump(), None).public_key()
    public = own.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if public != signer.signing_cert.public_key.dump():
        raise UnusableSeal(f"{key} is not the key of the certificate: give the two that belong together.")


def _keep(path: Path, *, at: datetime) -> None:
    """The file appears whole, or that of whoever came first stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(_made(at=at))
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()


def _made(*, at: datetime) -> bytes:
    """A CA and, signed by it, a certificate for sealing."""
    ca_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    ca_name, name = _subject(f"{DEMO_NAME} (CA)"), _subject(DEMO_NAME)
    ca = _certificate(ca_name, ca_name, ca_key, ca_key, at=at, is_ca=True)
    certificate = _certificate(name, ca_name, key, ca_key, at=at, is_ca=False)
    return pkcs12.serialize_key_and_certificates(b"narmat-demo", key, certificate, [ca], NoEncryption())


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    issuer_key: rsa.RSAPrivateKey,
    *,
    at: datetime,
    is_ca: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=30))
        .not_valid_after(at + timedelta(days=365 * DEMO_YEARS))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())
