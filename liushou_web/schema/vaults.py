"""A counsellor's keys, what is sealed to them, and who opened it when."""

from __future__ import annotations

from peewee import BlobField, Check, IntegerField, TextField

from liushou_web.db.table import Moment, Table, link, one_of
from liushou_web.vaults.rules.openings import LABELS

from .school import Staff


class Vault(Table):
    """One in use for each counsellor. Whoever reads this row can seal to it, and open
    nothing: the private key is kept twice, closed by the passphrase and by the code.

    Handed over, a vault holds no key any more.
    """

    staff = link(Staff)
    public_key = BlobField()
    wrapped = BlobField()
    wrapped_by_code = BlobField()
    made_at = Moment()
    code_made_at = Moment()  # as it stands on the slip in the envelope
    handed_over_at = Moment(null=True)
    handed_to = link(Staff, null=True)
    seen_opening = IntegerField(default=0)  # the last that its owner was told of

    class Meta:
        constraints = [
            Check("length(public_key) = 32", "vault_public_key"),
            Check(
                "handed_over_at IS NULL OR length(wrapped) + length(wrapped_by_code) = 0",
                "vault_handed_over",
            ),
            Check("(handed_over_at IS NULL) = (handed_to_id IS NULL)", "vault_handed_to"),
        ]


Vault.add_index(
    Vault.staff,
    unique=True,
    where=Vault.handed_over_at.is_null(),
    name="vault_in_use",
)


class SessionNote(Table):
    """A note or a referral. Nothing here but `sealed` knows whom it is about."""

    vault = link(Vault)
    sealed = BlobField()
    version = IntegerField(default=1)
    made_at = Moment()
    changed_at = Moment()

    class Meta:
        constraints = [Check("version > 0", "note_version")]


class NoteVersion(Table):
    """What a note was before it was changed."""

    note = link(SessionNote, index=False)  # the index below begins with it
    version = IntegerField()
    sealed = BlobField()
    written_at = Moment()

    class Meta:
        indexes = ((("note", "version"), True),)


class VaultOpening(Table):
    """Somebody opened a vault, or read a note. Triggers forbid any change, but that
    `reason`, which is sealed as well, is sealed again when a vault is handed over."""

    vault = link(Vault)
    note = link(SessionNote, null=True)
    staff = link(Staff)
    at = Moment()
    address = TextField()
    deed = TextField()
    reason = BlobField(null=True)

    class Meta:
        constraints = [
            one_of("deed", LABELS, "opening_deed"),
            Check(
                "(deed IN ('break_glass', 'break_hand_over')) = (reason IS NOT NULL)",
                "opening_reason",
            ),
        ]
