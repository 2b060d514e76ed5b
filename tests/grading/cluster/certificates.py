"""Keys for TLS as an instructor would make them: an authority of their own, and one certificate of its for all sides."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USES = (
    *("content_commitment", "crl_sign", "data_encipherment", "decipher_only", "digital_signature"),
    *("encipher_only", "key_agreement", "key_cert_sign", "key_encipherment"),
)


def make(place: Path) -> dict[str, str]:
    """Write ca.pem, cert.pem and key.pem; the variables by which Dask finds them."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("the course", authority, "the course", authority, is_authority=True)
    own = _certificate("localhost", key, "the course", authority, is_authority=False)
    (place / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (place / "cert.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8
    (place / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()))
    names = {"CA_FILE": "ca.pem"}
    for side in ("SCHEDULER", "WORKER", "CLIENT"):
        names |= {f"{side}__CERT": "cert.pem", f"{side}__KEY": "key.pem"}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(place / file) for name, file in names.items()}


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: str, signer: ec.EllipticCurvePrivateKey, *, is_authority: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    uses = dict.fromkeys(USES, False) | {"key_cert_sign": is_authority, "digital_signature": not is_authority}
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**uses), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
