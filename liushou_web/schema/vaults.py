"""A counsellor's keys: what is sealed to them, only their passphrase opens."""

from __future__ import annotations

from peewee import BlobField, Check

from .base import Moment, Table, link
from .people import Staff


class Vault(Table):
    """One for each counsellor. Whoever reads this row can seal to it, and open nothing.

    The private key is kept twice, closed by the passphrase and by the recovery code. Handed
    over, a vault holds no key any more.
    """

    staff = link(Staff, unique=True)
    public_key = BlobField()
    wrapped = BlobField()
    wrapped_by_code = BlobField()
    made_at = Moment()
    code_made_at = Moment()  # as it stands on the slip in the envelope
    handed_over_at = Moment(null=True)

    class Meta:
        constraints = [
            Check("length(public_key) = 32", "vault_public_key"),
            Check(
                "handed_over_at IS NULL OR length(wrapped) + length(wrapped_by_code) = 0",
                "vault_handed_over",
            ),
        ]
