"""When and where the home is open, what is held there, and which teachers are on duty.

A term and its closed and make-up days decide on which dates each weekly opening is held;
a dated activity comes from an opening or stands alone, holds its room, and may be moved or
cancelled with a reason. A teacher may hand a duty to a colleague. Everything that holds a
time, the counsellor's bookings among it, is asked here in one place. It will never rewrite
what has begun, put two things into one room, save what the planner was not shown, or say
of a booking more than that the time is taken.
"""
