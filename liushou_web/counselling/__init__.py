"""The counsellor's time and notes: hours, bookings that nobody else can read, sealed words.

A teacher asks for a time for a child, the counsellor answers; follow-ups, other uses of
the room and what came of each session are on her own desk. What she writes is sealed in
her vault and passes, sealed again, to the next counsellor. To everybody else it will never
tell more of a booking than that a time is taken, keep a reason or a note in words that
the office or the disk could read, or publish a figure from which a child can be guessed.
"""
